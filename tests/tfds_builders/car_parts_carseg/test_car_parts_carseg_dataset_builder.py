"""Whole builds: pixels, splits, what is skipped, and what is refused at once."""

from __future__ import annotations

import functools
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tfds_builders import built
from tests.tfds_builders.built import contents, counts, listing, shards, skipped
from tests.tfds_builders.car_parts_carseg.drawn_carseg import (
    NAMES,
    carseg_array,
    draw_carseg,
    npy,
    part_values,
    photo_rgb,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.car_parts_carseg.car_parts_carseg_dataset_builder import Builder

build = functools.partial(built.build, Builder)


def rows(builder: Builder) -> dict[str, dict[str, Any]]:
    return {
        row["example_id"].decode(): row
        for split in ("train", "eval", "test")
        for row in builder.as_dataset(split=split).as_numpy_iterator()
    }


def test_arrays_become_records_pixel_by_pixel(tmp_path: Path) -> None:
    folder = draw_carseg(tmp_path / "data")
    before = listing(folder)

    builder = build(folder, tmp_path / "out")

    assert builder.builder_config.name == "all"
    assert listing(folder) == before
    found = rows(builder)
    assert sorted(found) == sorted(NAMES)
    for name, row in found.items():
        np.testing.assert_array_equal(row["image"], photo_rgb(name))
        np.testing.assert_array_equal(row["mask"]["parts"][..., 0], part_values() // 10)
        kind = name.rpartition("_")[0]
        assert row["source"].decode() == kind
        assert row["domain"].decode() == ("photo" if kind == "photo" else "cad")
    test = {name for name, row in found.items() if row["split"] == b"test"}
    assert test == {"photo_0001", "photo_0002", "photo_0030"}
    # 6 photos, 5 and 4 renders: one of each kind for eval.
    assert counts(builder) == {"train": 12, "eval": 3, "test": 3}
    assert skipped(builder) == {"read": 18, "share": 0.0, "skipped": []}
    forms = json.loads(Path(builder.data_dir, "taxonomies.json").read_text("utf-8"))
    assert forms["parts"]["classes"][8] == {
        "id": 8,
        "name": "bumper",
        "rgb": [255, 0, 128],
    }


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("black_5_doors", {"train": 3, "eval": 1, "test": 1}),
        ("orange_3_doors", {"train": 2, "eval": 1, "test": 1}),
        ("photo", {"train": 5, "eval": 1, "test": 3}),
    ],
)
def test_a_configuration_holds_its_own_arrays(
    tmp_path: Path, config: str, expected: dict[str, int]
) -> None:
    builder = build(draw_carseg(tmp_path / "data"), tmp_path / "out", config=config)

    assert counts(builder) == expected
    assert {row["source"].decode() for row in rows(builder).values()} == {config}


def test_the_place_and_order_of_files_change_no_byte(tmp_path: Path) -> None:
    first = build(draw_carseg(tmp_path / "a"), tmp_path / "out_a")
    draw_carseg(tmp_path / "b/carseg_data", reversed(NAMES))
    second = build(tmp_path / "b", tmp_path / "out_b")

    assert shards(first) == shards(second)
    assert len(shards(first)) == 3


@pytest.mark.parametrize("below", ["data", ""], ids=["as-published", "above"])
def test_landscapes_are_listed_beside_the_records(tmp_path: Path, below: str) -> None:
    folder = draw_carseg(tmp_path / "user/data")
    user_folder = tmp_path / "user" / below
    builder = build(user_folder, tmp_path / "out", config="black_5_doors")

    listed = json.loads((builder.skipped_path / "landscapes.json").read_text("utf-8"))

    assert contents(builder)["lists"] == {
        "landscapes": {"files": 2, "list": "landscapes.json"}
    }
    assert [user_folder / path for path in listed] == [
        folder / "images/landscapes/0001.jpg",
        folder / "images/landscapes/0002.jpg",
    ]


def test_bad_arrays_are_skipped_and_named(tmp_path: Path) -> None:
    folder = draw_carseg(tmp_path / "data")
    values = part_values()
    values[0, 0] = 15
    write(folder / "arrays/photo_0031.npy", npy(carseg_array("x", values)))
    write(folder / "arrays/car.npy", b"")
    write(folder / "arrays/augmented1_photo_0002.npy", b"")

    builder = build(folder, tmp_path / "out", max_skipped_share=0.2)

    report = skipped(builder)
    assert (report["read"], report["share"]) == (17, 2 / 19)
    assert [(entry["source"], entry["is_known"]) for entry in report["skipped"]] == [
        ("arrays/augmented1_photo_0002.npy", True),
        ("arrays/car.npy", False),
        ("arrays/photo_0031.npy", False),
    ]
    assert "got 15 (1 pixels)" in report["skipped"][2]["reason"]


def test_masks_of_photos_are_mended_and_those_of_renders_are_not(
    tmp_path: Path,
) -> None:
    folder = draw_carseg(tmp_path / "data")
    wrong = np.where(part_values() > 0, 20, 0).astype(np.uint8)
    for name in ("photo_0033", "orange_3_doors_0002"):
        write(folder / f"arrays/{name}.npy", npy(carseg_array(name, wrong)))
    (folder / "images/photo/with_segmentation/0036.jpg").unlink()

    builder = build(folder, tmp_path / "out", repair_masks=True, max_skipped_share=0.1)

    found = rows(builder)
    mended = found["photo_0033"]["mask"]["parts"][..., 0]
    assert (mended == part_values() // 10).mean() > 0.95
    kept = found["orange_3_doors_0002"]["mask"]["parts"][..., 0]
    np.testing.assert_array_equal(kept, wrong // 10)
    (entry,) = skipped(builder)["skipped"]
    assert entry["source"] == "arrays/photo_0036.npy"
    assert "photo_0036" not in found


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"repair_masks": "yes"}, "repair_masks must be true or false, got 'yes'"),
        (
            {"repair_masks": True, "config": "black_5_doors"},
            "repair_masks mends photos, got it for black_5_doors, which has none",
        ),
    ],
    ids=["text", "render"],
)
def test_impossible_options_are_refused_at_once(
    tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Builder(data_dir=str(tmp_path), **options)


def test_mending_without_any_overlay_is_refused(tmp_path: Path) -> None:
    folder = draw_carseg(tmp_path / "data") / "arrays"
    builder = Builder(data_dir=str(tmp_path), manual_dir=str(folder), repair_masks=True)

    with pytest.raises(ValueError, match="beside arrays, got none below manual_dir"):
        builder.list_sources()


def test_the_option_travels_to_the_workers(tmp_path: Path) -> None:
    for mends in (False, True):
        builder = Builder(data_dir=str(tmp_path), repair_masks=mends, config="photo")

        copy = pickle.loads(pickle.dumps(builder))

        assert copy.repair_masks is mends
        assert copy.builder_config.name == "photo"


@pytest.mark.parametrize(
    ("below", "path"),
    [
        ("up/data", "arrays/photo_0030.npy"),
        ("up", "data/arrays/photo_0030.npy"),
        ("up/data/arrays", "photo_0030.npy"),
    ],
    ids=["as-published", "above", "arrays"],
)
def test_a_level_up_or_down_gives_the_same_arrays(
    tmp_path: Path, below: str, path: str
) -> None:
    draw_carseg(tmp_path / "up/data")
    builder = Builder(data_dir=str(tmp_path), manual_dir=str(tmp_path / below))

    last = builder.list_sources().sources["test"][-1]

    assert last.path == path
    assert builder.record_reader()(last).example_id == "photo_0030"
