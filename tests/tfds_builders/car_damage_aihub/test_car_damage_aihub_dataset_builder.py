"""A drawn tree becomes records of three splits in each configuration."""

from __future__ import annotations

import functools
import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow_datasets as tfds

from tests.tfds_builders import built
from tests.tfds_builders.built import (
    contents,
    counts,
    examples,
    listing,
    skipped,
    stored_ids,
)
from tests.tfds_builders.car_damage_aihub.drawn_tree import (
    BUMPER,
    DATA,
    SCRATCH,
    annotation,
    draw,
    draw_tree,
    place,
    stems,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.car_damage_aihub.car_damage_aihub_dataset_builder import Builder
from tfds_builders.skipped_sources import TooManySkippedError

build = functools.partial(built.build, Builder)

# Cases 0..5 with both kinds, 6..7 with damage only, 8..9 with parts only.
STEMS = stems(10, photos=2)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("user")
    draw_tree(root, STEMS[:8])
    draw_tree(root, STEMS[8:12], owner_split="Validation")
    for stem in STEMS[12:16]:
        draw(root, stem, "damage", (SCRATCH,))
    for stem in STEMS[16:]:
        draw(root, stem, "damage_part", (BUMPER,))
    return root


def test_the_default_has_every_photo_and_all_four_masks(
    tree: Path, tmp_path: Path
) -> None:
    before = listing(tree)
    builder = build(tree, tmp_path)

    assert builder.builder_config.name == "all"
    assert counts(builder) == {"train": 14, "eval": 4, "test": 2}
    found = examples(builder)
    assert sorted(found) == STEMS
    scratch, bumper = np.zeros((2, 30, 40), np.uint8)
    scratch[3:9, 2:12], bumper[15:, :] = 1, 1
    for index, stem in enumerate(STEMS):
        damaged = scratch if index < 16 else np.zeros_like(scratch)
        parts = np.full_like(bumper, 255) if 12 <= index < 16 else bumper
        for task, expected in {
            "damage_binary": damaged,
            "damage4": damaged,
            "parts34": parts,
            "parts21": parts,
        }.items():
            np.testing.assert_array_equal(stored_ids(found[stem], task), expected)
        assert found[stem]["group_id"] == [stem.partition("_")[2].encode()]
    assert found[STEMS[0]]["year"] == [b"2018"]
    assert found[STEMS[-1]]["colour"] == [b""]
    assert found[STEMS[-1]]["vehicle_size"] == [b"Full-size car"]
    assert skipped(builder) == {"read": 20, "share": 0.0, "skipped": []}
    assert contents(builder)["instances"] == {
        "damage_binary": {},
        "damage4": {"Scratched": 16},
        "parts34": {"Front bumper": 16},
        "parts21": {},
    }
    assert listing(tree) == before


def test_configurations_differ_in_photos_and_tasks(tree: Path, tmp_path: Path) -> None:
    everything = examples(build(tree, tmp_path))
    damage = build(tree, tmp_path, config="damage")
    parts = build(tree, tmp_path, config="damage_parts")

    assert list(damage.taxonomies()) == ["damage_binary", "damage4"]
    assert list(parts.taxonomies()) == list(
        ("damage_binary", "damage4", "parts34", "parts21")
    )
    assert sorted(examples(damage)) == STEMS
    assert not any(name.startswith("mask/parts") for name in examples(damage)[STEMS[0]])
    assert sorted(examples(parts)) == STEMS[:12] + STEMS[16:]
    for stem, example in examples(parts).items():
        assert example["split"] == everything[stem]["split"]
        assert stored_ids(example, "parts34").max() == 1


def test_tfds_reads_it_back(tree: Path, tmp_path: Path) -> None:
    builder = build(tree, tmp_path)
    rows = list(builder.as_dataset("test").as_numpy_iterator())

    assert len(rows) == 2
    assert rows[0]["image"].shape == (30, 40, 3)
    assert set(rows[0]["mask"]) == {"damage_binary", "damage4", "parts34", "parts21"}


def test_a_bad_label_is_skipped_counted_and_named(tree: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tree, tmp_path / "user")
    draw(folder, STEMS[0], "damage", (annotation(damage="Dent"),))
    (folder / place("damage") / f"{STEMS[13]}.jpg").write_bytes(b"no photo")

    builder = build(folder, tmp_path / "out", max_skipped_share=0.1)

    report = skipped(builder)
    assert (report["read"], report["share"]) == (18, 0.1)
    assert [entry["source"] for entry in report["skipped"]] == [
        f"{place('damage')}{STEMS[13]}.jpg",
        f"{place('damage_part')}{STEMS[0]}.jpg",
    ]
    assert "got 'Dent'" in report["skipped"][1]["reason"]
    assert str(tmp_path) not in json.dumps(report)
    with pytest.raises(TooManySkippedError, match="got 2 of 20"):
        build(folder, tmp_path / "again")


def test_what_is_half_fetched_is_named_without_counting(
    tree: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tree, tmp_path / "user")
    shutil.rmtree(folder / place("damage_part", "Validation"))

    builder = build(folder, tmp_path / "out")

    (entry,) = skipped(builder)["skipped"]
    assert entry["source"] == place("damage_part", "Validation", of_labels=True)
    assert entry["reason"].startswith("4 labels of this kind without a single photo")
    assert skipped(builder)["read"] == 20
    parts = stored_ids(examples(builder)[STEMS[8]], "parts34")
    assert set(np.unique(parts)) == {255}


def test_packed_archives_are_one_line(tmp_path: Path) -> None:
    write(tmp_path / "user" / DATA / "1.Training/1.원천데이터/TS_damage.zip", b"PK")
    with pytest.raises(ValueError) as caught:
        build(tmp_path / "user", tmp_path / "out")
    assert str(caught.value).startswith(
        "photos and labels must be unpacked, got 160.차량파손 이미지 데이터/01.데이터/"
        "1.Training/1.원천데이터/TS_damage.zip; unpack each where it lies"
    )
    assert "\n" not in str(caught.value)


def test_the_builder_travels_with_its_configuration(tree: Path, tmp_path: Path) -> None:
    builder = Builder(data_dir=str(tmp_path), manual_dir=str(tree), config="damage")
    copy = pickle.loads(pickle.dumps(builder))

    assert copy.builder_config.name == "damage"
    assert copy.list_sources() == builder.list_sources()


def test_tags_are_tags_of_tfds() -> None:
    tags = set(Builder.get_metadata().tags)

    assert "ml.task.instance-segmentation" in tags
    assert tags <= set(tfds.core.dataset_metadata.valid_tags())
