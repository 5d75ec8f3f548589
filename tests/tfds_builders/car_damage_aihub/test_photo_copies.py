"""Both labels of a stem are joined where their photos are copies of one."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from tests.tfds_builders.car_damage_aihub.drawn_tree import (
    BUMPER,
    SCRATCH,
    annotation,
    draw,
    photo_jpeg,
    place,
)
from tests.tfds_builders.car_damage_aihub.read_records import (
    STEM,
    mask,
    painted,
    read,
)


def tiles_jpeg(*, quality: int, changed: int = 0) -> bytes:
    """Returns tiles of 5 x 5 pixels, so many of them 40 levels darker."""
    tiles = np.random.default_rng(3).integers(60, 200, (6, 8, 3), np.uint8)
    tiles.reshape(-1, 3)[:changed] -= 40
    out = io.BytesIO()
    rgb = tiles.repeat(5, axis=0).repeat(5, axis=1)
    Image.fromarray(rgb).save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def test_a_copy_saved_anew_is_the_same_photo(tmp_path: Path) -> None:
    draw(tmp_path, STEM, "damage", (SCRATCH,), photo=tiles_jpeg(quality=75))
    draw(tmp_path, STEM, "damage_part", (BUMPER,), photo=tiles_jpeg(quality=95))

    record = read(tmp_path, "damage_part", "damage")

    assert (record.source, record.left_out) == ("damage+damage_part", ())
    np.testing.assert_array_equal(mask(record, "damage4"), painted((2, 3, 12, 9, 1)))


def test_another_photo_of_the_same_name_leaves_its_label_out(tmp_path: Path) -> None:
    crush = annotation((5, 16, 9, 20), damage="Crushed")
    draw(tmp_path, STEM, "damage", (SCRATCH,), photo=photo_jpeg(size=(60, 80)))
    draw(tmp_path, STEM, "damage_part", (crush, BUMPER))

    record = read(tmp_path, "damage_part", "damage")

    assert record.source == "damage_part"
    np.testing.assert_array_equal(mask(record, "damage4"), painted((5, 16, 9, 20, 3)))
    (entry,) = record.left_out
    assert entry.source == f"{place('damage', of_labels=True)}{STEM}.json"
    assert (entry.split, entry.is_known) == ("eval", True)
    assert entry.reason == (
        "label left out: its photo must be the one in"
        f" {place('damage_part')}{STEM}.jpg, got another picture (80 x 60 against"
        " 40 x 30); give both labels one photo"
    )


def test_damage_is_void_where_the_label_that_has_it_is_left_out(tmp_path: Path) -> None:
    draw(tmp_path, STEM, "damage", (SCRATCH,), photo=tiles_jpeg(quality=95))
    one_tile = tiles_jpeg(quality=75, changed=1)
    draw(tmp_path, STEM, "damage_part", (BUMPER,), photo=one_tile)

    record = read(tmp_path, "damage_part", "damage")

    np.testing.assert_array_equal(mask(record, "damage4"), painted(ground=255))
    np.testing.assert_array_equal(mask(record, "damage_binary"), painted(ground=255))
    np.testing.assert_array_equal(mask(record, "parts34"), painted((0, 15, 40, 30, 1)))
    assert [entry["task"] for entry in record.instances] == ["parts34"]
    assert "got another picture (40 x 30 both)" in record.left_out[0].reason


def test_a_copy_that_is_no_picture_counts_as_unreadable(tmp_path: Path) -> None:
    draw(tmp_path, STEM, "damage", (SCRATCH,), photo=b"no photo")
    draw(tmp_path, STEM, "damage_part", (BUMPER,))

    (entry,) = read(tmp_path, "damage_part", "damage").left_out

    assert not entry.is_known
    assert entry.source == f"{place('damage')}{STEM}.jpg"
    assert entry.reason.startswith("cannot decode file of 8 bytes")
