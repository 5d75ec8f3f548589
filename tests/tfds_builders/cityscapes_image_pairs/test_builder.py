"""Drawn pictures in the owner's layout become records of three splits."""

from __future__ import annotations

import functools
import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders import builder_case, built
from tests.tfds_builders.cityscapes_image_pairs.drawn_pairs import (
    INDEX,
    draw_set,
    jpeg,
    photo,
    picture,
    street,
)
from tests.tfds_builders.drawn_photos import exif_block, pixels, segment, with_segments
from tfds_builders.cityscapes_image_pairs import (
    cityscapes_image_pairs_dataset_builder,
)
from tfds_builders.cityscapes_image_pairs.pair_listing import PairSource
from tfds_builders.cityscapes_image_pairs.pair_reading import read_pair
from tfds_builders.record import Record
from tfds_builders.skipped_sources import TooManySkippedError

Builder = cityscapes_image_pairs_dataset_builder.Builder
build = functools.partial(built.build, Builder)

TRAIN, VAL = [1, 9, 17, 60], [1, 6, 51, 56, 101, 106]


class CityscapesImagePairsTest(builder_case.DrawnBuilderTestCase):
    """Four pictures of train, and three blocks of val."""

    DATASET_CLASS = Builder
    SPLITS = {"train": 4, "eval": 4, "test": 2}  # noqa: RUF012 - TFDS's own form

    @classmethod
    def draw(cls, folder: Path) -> None:
        """Draws the set below `cityscapes_data`, and the copy inside it."""
        draw_set(folder / "cityscapes_data", TRAIN, VAL)
        draw_set(folder / "cityscapes_data/cityscapes_data", TRAIN, VAL)


def rows(builder: Builder) -> dict[str, dict[str, Any]]:
    return {
        row["example_id"].decode(): row
        for split in builder.info.splits
        for row in builder.as_dataset(split).as_numpy_iterator()
    }


def read(folder: Path, data: bytes) -> Record:
    (folder / "1.jpg").write_bytes(data)
    source = PairSource(
        path="1.jpg", example_id="train/1", group_id="train/block0", split="train"
    )
    return read_pair(source, folder=folder, max_colour_distance=50)


def inner(mask_ids: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Marks pixels two steps inside their label and off the frame."""
    same = np.ones_like(ids, bool)
    for down in range(-2, 3):
        for right in range(-2, 3):
            same &= np.roll(ids, (down, right), (0, 1)) == ids
    same[:2] = same[-2:] = same[:, :2] = same[:, -2:] = False
    return same & (mask_ids >= 0)


def test_a_small_build_gives_photos_masks_and_splits(tmp_path: Path) -> None:
    draw_set(tmp_path / "set/cityscapes_data", TRAIN, VAL)
    shutil.copytree(
        tmp_path / "set/cityscapes_data",
        tmp_path / "set/cityscapes_data/cityscapes_data",
    )
    before = built.listing(tmp_path / "set")

    builder = build(tmp_path / "set", tmp_path / "out")

    assert built.listing(tmp_path / "set") == before
    found = rows(builder)
    assert sorted(found) == sorted(
        [f"train/{number}" for number in TRAIN] + [f"val/{number}" for number in VAL]
    )
    blocks: dict[bytes, set[bytes]] = {}
    for name, row in found.items():
        blocks.setdefault(row["group_id"], set()).add(row["split"])
        ids = street(seed=int(name.partition("/")[2]))
        mask_ids = row["mask"]["classes19"][..., 0]
        sure = inner(mask_ids, ids)
        assert sure.sum() > 1000
        np.testing.assert_array_equal(
            mask_ids[sure], np.where(ids == 19, 255, ids)[sure]
        )
        assert (row["height"], row["width"], row["orientation"]) == (64, 64, 1)
        assert (row["source"], row["domain"]) == (b"cityscapes_image_pairs", b"photo")
        assert row["instances"] == b"[]"
        assert row["image"].shape == (64, 64, 3)
    assert len(blocks) == 5
    assert all(len(splits) == 1 for splits in blocks.values())
    report = built.skipped(builder)
    assert (report["read"], report["share"]) == (10, 0.0)
    (entry,) = report["skipped"]
    assert (entry["source"], entry["is_known"]) == (
        "cityscapes_data/cityscapes_data",
        True,
    )


def test_the_photo_is_the_left_half_without_loss(tmp_path: Path) -> None:
    data = jpeg(picture(street(), seed=3))

    record = read(tmp_path, data)

    np.testing.assert_array_equal(pixels(record.image), pixels(data)[:, :64])
    assert record.image.startswith(b"\x89PNG")
    difference = pixels(record.image).astype(int) - photo(seed=3)
    assert np.abs(difference[:, :48]).mean() < 4


def test_the_three_masks_agree(tmp_path: Path) -> None:
    ids = street()
    ids[2:14, 44:60] = INDEX["truck"]
    record = read(tmp_path, jpeg(picture(ids)))

    masks = {task: pixels(png)[..., 0] for task, png in record.masks.items()}

    assert list(masks) == ["classes19", "categories7", "car"]
    classes = masks["classes19"]
    assert (classes == INDEX["truck"]).sum() > 100
    void = classes == 255
    assert void[0].all() and void[:, 0].all() and void[:, -1].all()
    np.testing.assert_array_equal(masks["categories7"] == 255, void)
    np.testing.assert_array_equal(masks["car"] == 255, void)
    np.testing.assert_array_equal(masks["car"] == 1, classes == INDEX["car"])
    np.testing.assert_array_equal(
        masks["categories7"] == 2, np.isin(classes, [INDEX["car"], INDEX["truck"]])
    )


def _grown(image: Image.Image) -> bytes:
    return jpeg(image.resize((128, 66)))


FAULTS: dict[str, tuple[Callable[[Image.Image], bytes], str]] = {
    "photo alone": (
        lambda image: jpeg(image.crop((0, 0, 64, 64))),
        "a picture must be photo and labels side by side, twice as wide as high and"
        " stored upright, got 64 x 64 with EXIF orientation 1; fetch the owner's file"
        " again",
    ),
    "another shape": (_grown, "a picture must be photo and labels side by side"),
    "turned": (
        lambda image: with_segments(
            jpeg(image), segment(0xE1, b"Exif\x00\x00" + exif_block(3))
        ),
        "a picture must be photo and labels side by side, twice as wide as high and"
        " stored upright, got 128 x 64 with EXIF orientation 3",
    ),
    "cut off": (lambda image: jpeg(image)[:900], "cannot decode JPEG of 900 bytes"),
    "empty": (lambda image: b"", "cannot decode file of 0 bytes"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_picture_is_refused_with_a_reason(tmp_path: Path, fault: str) -> None:
    make, message = FAULTS[fault]

    with pytest.raises(ValueError) as caught:
        read(tmp_path, make(picture(street())))

    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_bad_pictures_are_skipped_counted_and_named(tmp_path: Path) -> None:
    draw_set(tmp_path / "set", TRAIN, VAL)
    (tmp_path / "set/train/9.jpg").write_bytes(b"no picture")
    (tmp_path / "set/val/notes.txt").write_text("hello")

    builder = build(tmp_path / "set", tmp_path / "out", max_skipped_share=0.2)

    report = built.skipped(builder)
    assert (report["read"], report["share"]) == (9, 2 / 11)
    assert [entry["source"] for entry in report["skipped"]] == [
        "train/9.jpg",
        "val/notes.txt",
    ]
    assert "train/9" not in rows(builder)
    assert str(tmp_path) not in json.dumps(report)
    with pytest.raises(TooManySkippedError, match=r"got 2 of 11 \(18.18%\)"):
        build(tmp_path / "set", tmp_path / "strict")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("max_colour_distance", 0, "max_colour_distance must be above 0 and at most"),
        ("max_colour_distance", 443, "max_colour_distance must be above 0 and at most"),
        ("max_colour_distance", "40", "max_colour_distance must be above 0 and at"),
        ("block_length", 0, "block_length must be a whole number of at least 1, got 0"),
        ("block_length", 2.5, "block_length must be a whole number of at least 1"),
        ("block_length", True, "block_length must be a whole number of at least 1"),
        ("eval_share", 1, "eval_share must be between 0 and 1, got 1; the default is"),
        ("eval_share", 0.0, "eval_share must be between 0 and 1, got 0.0"),
    ],
)
def test_impossible_options_are_refused_at_once(
    tmp_path: Path, option: str, value: Any, message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        Builder(data_dir=str(tmp_path), **{option: value})

    assert str(caught.value).startswith(message)


def test_options_reach_listing_and_reading_and_survive_pickling(
    tmp_path: Path,
) -> None:
    draw_set(tmp_path / "set", TRAIN, VAL)
    options: dict[str, Any] = {
        "max_colour_distance": 7.5,
        "block_length": 5,
        "eval_share": 0.2,
    }
    builder = Builder(
        data_dir=str(tmp_path / "out"), manual_dir=str(tmp_path / "set"), **options
    )

    copy = pickle.loads(pickle.dumps(builder))

    assert {name: getattr(copy, name) for name in options} == options
    listing = copy.list_sources()
    assert listing == builder.list_sources()
    sources = listing.sources
    assert {split: len(found) for split, found in sources.items()} == {
        "train": 4,
        "eval": 1,
        "test": 5,
    }
    source = sources["train"][0]
    strict = copy.record_reader()(source).masks["classes19"]
    plain = Builder(data_dir=str(tmp_path / "out"), manual_dir=str(tmp_path / "set"))
    tolerant = plain.record_reader()(source).masks["classes19"]
    assert (pixels(strict) == 255).sum() > 2 * (pixels(tolerant) == 255).sum()


def test_the_same_files_elsewhere_give_the_same_bytes(tmp_path: Path) -> None:
    draw_set(tmp_path / "a/cityscapes_data", TRAIN, VAL)
    draw_set(tmp_path / "b", TRAIN[::-1], VAL[::-1])

    first, second = (
        build(tmp_path / name, tmp_path / f"out_{name}") for name in ("a", "b")
    )

    shards = [
        {path.name: path.read_bytes() for path in Path(out.data_dir).glob("*.tfrec*")}
        for out in (first, second)
    ]
    assert len(shards[0]) == 3
    assert shards[0] == shards[1]
