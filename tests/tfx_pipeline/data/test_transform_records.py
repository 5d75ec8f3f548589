from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from tests.tfx_pipeline.data.drawn_columns import columns, settings
from tfx_pipeline.config.transform_settings import TransformSettings
from tfx_pipeline.data.augment.seeds import copy_seed
from tfx_pipeline.data.prepare import prepare
from tfx_pipeline.data.transform_records import transform_records

SPLITS = ["train", "eval", "train", "test"]


def rows_of(
    batch: dict[str, tf.Tensor], chosen: TransformSettings
) -> dict[str, np.ndarray]:
    in_graph = tf.function(lambda batch: transform_records(batch, chosen))
    return {name: column.numpy() for name, column in in_graph(batch).items()}


def test_only_training_records_bring_copies_right_behind_them() -> None:
    rows = rows_of(columns(SPLITS), settings(copies=2))
    names = [name.decode() for name in rows["example_id"]]
    assert names == [f"square_{index:03d}" for index in (0, 0, 0, 1, 2, 2, 2, 3)]
    assert rows["copy"].tolist() == [0, 1, 2, 0, 0, 1, 2, 0]
    assert rows["copy"].dtype == np.int64
    assert rows["split"].tolist() == [b"train"] * 3 + [b"eval"] + [b"train"] * 3 + [
        b"test"
    ]
    assert set(rows["domain"]) == {b"synthetic"}
    assert len(set(rows["image"])) == 8


@pytest.mark.parametrize("augment", [{"where": "trainer"}, {"where": "none"}], ids=str)
def test_no_copies_where_transform_does_not_augment(augment: dict[str, str]) -> None:
    rows = rows_of(columns(SPLITS), settings(copies=2, **augment))
    assert rows["copy"].tolist() == [0, 0, 0, 0]


def test_every_row_is_what_prepare_makes_of_its_seed() -> None:
    batch, chosen = columns(["train", "eval"]), settings(copies=3)
    rows = rows_of(batch, chosen)
    expected = [(0, -1), *((0, copy) for copy in (1, 2, 3)), (1, -1)]
    for row, (record, copy) in enumerate(expected):
        seed = copy if copy < 0 else copy_seed(5, batch["example_id"][0], copy)
        image, mask_ids = prepare(
            *(batch[name][record] for name in ("image", "mask")),
            seed,
            chosen.prepare,
            flip_ids=chosen.flip_ids,
        )
        assert rows["image"][row].startswith(b"\x89PNG")
        np.testing.assert_array_equal(tf.io.decode_png(rows["image"][row]), image)
        decoded = tf.io.decode_png(rows["mask"][row], channels=1)[..., 0]
        np.testing.assert_array_equal(decoded, mask_ids)


def test_rows_do_not_depend_on_the_batch_they_came_in() -> None:
    chosen = settings(copies=1)
    whole = rows_of(columns(["train"] * 5), chosen)
    parts = [rows_of(columns(["train"] * 2), chosen)]
    parts.append(rows_of(columns(["train"] * 3, first=2), chosen))
    for name, column in whole.items():
        joined = [entry for part in parts for entry in part[name]]
        assert column.tolist() == joined, name
