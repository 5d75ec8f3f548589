import functools
import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow_datasets as tfds

from tests.tfds_builders import built
from tests.tfds_builders.built import counts, examples, listing, skipped, stored_ids
from tests.tfds_builders.car_damage_small.drawn_via import (
    HEIGHT,
    WIDTH,
    draw_via_1,
    draw_via_2,
    jpeg,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.car_damage_small.car_damage_small_dataset_builder import Builder
from tfds_builders.skipped_sources import TooManySkippedError

build = functools.partial(built.build, Builder)


def test_the_first_set_builds_with_default_settings(tmp_path: Path) -> None:
    folder = draw_via_1(tmp_path / "MB_Mobility")
    before = listing(folder)
    builder = build(folder, tmp_path / "out")
    assert builder.name == "car_damage_small"
    assert listing(folder) == before
    assert counts(builder) == {"train": 6, "eval": 1, "test": 3}
    found = examples(builder)
    assert sorted(name for name in found if name.startswith("val/")) == [
        "val/image0",
        "val/image8.jpeg",
        "val/image8.jpg",
    ]
    large, small = (np.zeros((HEIGHT, WIDTH), np.uint8) for _ in range(2))
    large[2:22, 4:36] = 1
    small[6:10, 8:16] = 1
    np.testing.assert_array_equal(stored_ids(found["train/image0"], "damage"), large)
    np.testing.assert_array_equal(stored_ids(found["val/image0"], "damage"), small)
    assert not stored_ids(found["train/image3"], "damage").any()
    # One name, two photos: neither may overwrite the other.
    for name in ("train/image0", "val/image0"):
        stored = (folder / "data/raw" / f"{name}.jpeg").read_bytes()
        assert found[name]["image"] == [stored]
        assert found[name]["source"] == [b"car_damage_small"]


def test_demo_entries_and_duplicates_are_named_and_do_not_count(tmp_path: Path) -> None:
    report = skipped(build(draw_via_1(tmp_path / "set"), tmp_path / "out"))
    assert (report["read"], report["share"]) == (10, 0.0)
    assert [(entry["source"], entry["is_known"]) for entry in report["skipped"]] == [
        ("data/raw/train/a_swan_swimming_in_geneve_lake.jpg", True),
        ("data/raw/train/sinus_test_pattern.jpg", True),
        ("data/raw/train/test_pattern_qbist.jpg", True),
        ("data/raw/val/image9.jpg", True),
    ]
    assert report["skipped"][3]["reason"] == (
        "the same bytes as train/image1, which stays in training"
    )


def test_the_second_set_has_damage_and_parts(tmp_path: Path) -> None:
    folder = draw_via_2(tmp_path / "set")
    builder = build(folder, tmp_path / "out", config="damage_and_parts")
    counts = {split: info.num_examples for split, info in builder.info.splits.items()}
    assert sum(counts.values()) == 9 and counts["test"] == 2
    found = examples(builder)
    parts, damage = (np.zeros((HEIGHT, WIDTH), np.uint8) for _ in range(2))
    parts[2:22, 4:36] = 3
    parts[4:12, 6:20] = 1
    damage[6:10, 8:16] = 1
    for example in found.values():
        np.testing.assert_array_equal(stored_ids(example, "parts"), parts)
        np.testing.assert_array_equal(stored_ids(example, "damage"), damage)
    # The same bytes twice in train: one group, so one split.
    first, second = found["train/0"], found["train/1"]
    assert first["group_id"] == second["group_id"] == [b"train/0"]
    assert first["split"] == second["split"]
    assert skipped(builder)["skipped"] == []
    assert builder.taxonomies()["parts"].names == (
        "background",
        "headlamp",
        "rear_bumper",
        "door",
        "hood",
        "front_bumper",
    )


def test_the_first_set_has_no_parts(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="use car_damage_small/damage where there is"):
        build(draw_via_1(tmp_path / "a"), tmp_path / "out", config="damage_and_parts")


def test_the_level_of_the_folder_changes_no_record(tmp_path: Path) -> None:
    folder = draw_via_1(tmp_path / "set")
    shards = [
        {path.name: path.read_bytes() for path in Path(b.data_dir).glob("*.tfrecord*")}
        for b in (
            build(folder, tmp_path / "above"),
            build(folder / "data" / "raw", tmp_path / "below"),
        )
    ]
    assert shards[0] == shards[1]


@pytest.mark.parametrize("fault", ["no-photo", "no-entry", "broken-photo", "point"])
def test_a_fault_is_skipped_within_the_tolerance_and_counted(
    tmp_path: Path, fault: str
) -> None:
    folder = draw_via_1(tmp_path / "set")
    train = folder / "data/raw/train"
    if fault == "no-photo":
        (train / "image0.jpeg").unlink()
    elif fault == "broken-photo":
        write(train / "image0.jpeg", jpeg()[:100])
    else:
        content = json.loads((train / "via_region_data.json").read_text("utf-8"))
        if fault == "point":
            shape = {"name": "point", "cx": 1, "cy": 1}
            regions = content["image0.jpeg100"]["regions"]
            regions["0"]["shape_attributes"] = shape
        else:
            del content["image0.jpeg100"]
        write(train / "via_region_data.json", content)
    builder = build(folder, tmp_path / "out", max_skipped_share=0.1)
    report = skipped(builder)
    (entry,) = [entry for entry in report["skipped"] if not entry["is_known"]]
    assert (report["read"], report["share"]) == (9, 0.1)
    assert entry["source"] == "data/raw/train/image0.jpeg"
    assert entry["reason"].startswith(
        {
            "no-photo": "the annotation file names it, but there is no such photo",
            "no-entry": "a photo must have one entry in the file of damage, got 0",
            "broken-photo": "cannot decode ",
            "point": "a region must be one of polygon, ",
        }[fault]
    )
    assert str(tmp_path) not in entry["reason"]
    with pytest.raises(TooManySkippedError, match="got 1 of 10"):
        build(folder, tmp_path / "strict")


def _no_json(folder: Path) -> None:
    for path in folder.rglob("*.json"):
        path.unlink()


def _coco_json(folder: Path) -> None:
    path = folder / "data/raw/val/via_region_data.json"
    write(path, {"images": [], "annotations": []})


def _broken_json(folder: Path) -> None:
    write(folder / "data/raw/val/via_region_data.json", b"{")


@pytest.mark.parametrize(
    ("breakage", "message"),
    [
        (shutil.rmtree, "manual_dir must be an existing folder, got nothing of that"),
        (_no_json, "car_damage_small needs folders train and val with one VIA"),
        (_coco_json, "data/raw/val/via_region_data.json must be a VIA annotation file"),
        (_broken_json, "'data/raw/val/via_region_data.json' must hold JSON in UTF-8"),
    ],
    ids=["missing", "no-json", "coco", "broken-json"],
)
def test_a_wrong_folder_is_one_line_without_this_machines_paths(
    tmp_path: Path, breakage: Any, message: str
) -> None:
    folder = draw_via_1(tmp_path / "set")
    breakage(folder)
    with pytest.raises(ValueError, match="") as caught:
        build(folder, tmp_path / "out")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value) and str(tmp_path) not in str(caught.value)


def test_a_builder_survives_pickling(tmp_path: Path) -> None:
    builder = Builder(
        data_dir=str(tmp_path / "out"),
        manual_dir=str(draw_via_2(tmp_path / "set")),
        config="damage_and_parts",
    )
    copy = pickle.loads(pickle.dumps(builder))
    assert copy.list_sources() == builder.list_sources()
    assert tuple(copy.taxonomies()) == ("damage", "parts")
    pickle.dumps(builder.record_reader())


def test_the_builders_tags_are_tags_of_tfds() -> None:
    tags = Builder.get_metadata().tags
    assert "ml.task.instance-segmentation" in tags
    assert set(tags) <= set(tfds.core.dataset_metadata.valid_tags())
