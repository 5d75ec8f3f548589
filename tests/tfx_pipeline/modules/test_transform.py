from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tfx.components.transform.executor import Executor
from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
from tfx.types import artifact_utils, standard_artifacts

from tests.drawn_squares import Square, draw_square
from tests.tfx_pipeline.data.drawn_columns import columns, settings
from tfx_pipeline.data.augment.seeds import copy_seed
from tfx_pipeline.data.prepare import prepare
from tfx_pipeline.data.training_input import training_dataset
from tfx_pipeline.modules.transform import preprocessing_fn
from tfx_pipeline.pipeline.record_schema import schema_text

COUNTS = {"train": 14, "eval": 5, "test": 3}
CHOSEN = settings(copies=2)
Row = dict[str, Any]


def as_proto(square: Square) -> bytes:
    """Returns the record as ingest stores it: masks lie flat as `mask/<task>`."""
    fields = dict(draw_square(square).to_example())
    fields["mask/square"] = fields.pop("mask")["square"]
    features = {}
    for name, value in fields.items():
        if isinstance(value, (int, np.integer)):
            number = tf.train.Int64List(value=[value])
            features[name] = tf.train.Feature(int64_list=number)
        else:
            text = value if isinstance(value, bytes) else str(value).encode()
            one = tf.train.BytesList(value=[text])
            features[name] = tf.train.Feature(bytes_list=one)
    proto = tf.train.Features(feature=features)
    return tf.train.Example(features=proto).SerializeToString()


class PairsExecutor(Executor):
    """Takes two records at a time; left alone, Beam takes as many as are quick."""

    def _GetDesiredBatchSize(self, *_: object) -> int:
        return 2


def write_records(folder: Path, *, files: int, backwards: bool) -> None:
    """Writes each split's records into so many files, in either order."""
    first = 0
    for split, count in COUNTS.items():
        home = folder / f"Split-{split}"
        home.mkdir(parents=True)
        indices = list(range(first, first + count))[:: -1 if backwards else 1]
        for part in range(files):
            name = str(home / f"data-{part:05d}-of-{files:05d}.gz")
            with tf.io.TFRecordWriter(name, "GZIP") as writer:
                for index in indices[part::files]:
                    writer.write(as_proto(Square(index, split)))
        first += count


def run_transform(
    home: Path, records: Path, *beam_args: str, executor: type[Executor] = Executor
) -> dict[str, list[str]]:
    """Runs TFX's own executor; returns the files of each split."""
    examples = standard_artifacts.Examples()
    examples.uri = str(records)
    examples.split_names = artifact_utils.encode_split_names(list(COUNTS))
    schema = standard_artifacts.Schema()
    schema.uri = str(home / "schema")
    Path(schema.uri).mkdir(parents=True)
    Path(schema.uri, "schema.pbtxt").write_text(schema_text(["square"]))
    graph, transformed = (
        standard_artifacts.TransformGraph(),
        standard_artifacts.Examples(),
    )
    graph.uri, transformed.uri = str(home / "graph"), str(home / "transformed")
    context = BaseBeamExecutor.Context(
        beam_pipeline_args=["--runner=DirectRunner", *beam_args],
        tmp_dir=str(home / "tmp"),
        unique_id="1",
    )
    executor(context).Do(
        {"examples": [examples], "schema": [schema]},
        {"transform_graph": [graph], "transformed_examples": [transformed]},
        {
            "preprocessing_fn": "tfx_pipeline.modules.transform.preprocessing_fn",
            "custom_config": json.dumps(CHOSEN.to_dict()),
            "disable_statistics": 1,
        },
    )
    return {
        split: sorted(map(str, Path(transformed.uri, f"Split-{split}").iterdir()))
        for split in COUNTS
    }


def read_rows(files: list[str]) -> dict[tuple[bytes, int], Row]:
    """Returns every row by (example_id, copy); the order of rows is Beam's."""
    rows: dict[tuple[bytes, int], Row] = {}
    for data in tf.data.TFRecordDataset(files, "GZIP").as_numpy_iterator():
        feature = tf.train.Example.FromString(data).features.feature
        row: Row = {}
        for name, value in feature.items():
            values = value.bytes_list.value or value.int64_list.value
            assert len(values) == 1, name
            row[name] = values[0]
        key = row["example_id"], row["copy"]
        assert key not in rows
        rows[key] = row
    return rows


@pytest.mark.integration
def test_workers_batches_files_and_order_change_no_row(tmp_path: Path) -> None:
    write_records(tmp_path / "records", files=3, backwards=False)
    write_records(tmp_path / "others", files=2, backwards=True)
    one = run_transform(tmp_path / "one", tmp_path / "records")
    two = run_transform(
        tmp_path / "two",
        tmp_path / "others",
        "--direct_running_mode=multi_threading",
        "--direct_num_workers=2",
        executor=PairsExecutor,
    )
    for split, count in COUNTS.items():
        rows = read_rows(one[split])
        assert rows == read_rows(two[split])
        assert len(rows) == count * (3 if split == "train" else 1)
        assert {row["split"] for row in rows.values()} == {split.encode()}

    rows = read_rows(one["train"])
    assert set(next(iter(rows.values()))) == {
        *("image", "mask", "copy", "split"),
        *("example_id", "group_id", "view", "domain", "source"),
    }
    assert_rows_are_what_prepare_makes(rows)
    assert_the_trainer_reads(one["train"])


def assert_rows_are_what_prepare_makes(rows: dict[tuple[bytes, int], Row]) -> None:
    drawn = columns(["train"] * COUNTS["train"])
    for index, name in enumerate(drawn["example_id"].numpy()):
        for copy in range(3):
            seed = copy_seed(CHOSEN.seed, name, copy) if copy else -1
            image, mask_ids = prepare(
                drawn["image"][index],
                drawn["mask"][index],
                seed,
                CHOSEN.prepare,
                flip_ids=CHOSEN.flip_ids,
            )
            row = rows[name, copy]
            np.testing.assert_array_equal(tf.io.decode_png(row["image"]), image)
            mask_png = tf.io.decode_png(row["mask"], channels=1)
            np.testing.assert_array_equal(mask_png[..., 0], mask_ids)


def assert_the_trainer_reads(files: list[str]) -> None:
    dataset = training_dataset(
        files, CHOSEN.prepare, batch_size=8, seed=0, epoch=0, flip_ids=(0, 1)
    )
    shapes = [(images.shape, masks.shape) for images, masks in dataset]
    assert shapes == [((8, 24, 32, 3), (8, 24, 32))] * 5


def test_a_missing_feature_is_refused_by_name() -> None:
    inputs = {
        name: column[:, tf.newaxis] for name, column in columns(["train"]).items()
    }
    with pytest.raises(ValueError, match=r"one 'mask/square', got None; give Trans"):
        preprocessing_fn(inputs, CHOSEN.to_dict())


def test_a_sparse_feature_is_refused() -> None:
    inputs: dict[str, Any] = {
        name: column[:, tf.newaxis] for name, column in columns(["train"]).items()
    }
    inputs["image"] = tf.sparse.from_dense(inputs["image"])
    with pytest.raises(ValueError, match=r"must have one 'image', got SparseTensor"):
        preprocessing_fn(inputs, CHOSEN.to_dict())
