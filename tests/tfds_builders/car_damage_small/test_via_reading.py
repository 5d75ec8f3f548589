import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.car_damage_small.drawn_via import (
    HEIGHT,
    WIDTH,
    box,
    jpeg,
    region,
    turned_jpeg,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.car_damage_small.via_listing import ViaSource
from tfds_builders.car_damage_small.via_reading import part_id, read_photo
from tfds_builders.record import Record

LARGE, SMALL = box(4, 2, 36, 22), box(8, 6, 16, 10)


def read(
    folder: Path, regions: Mapping[str, list[Any]], photo: bytes | None = None
) -> Record:
    write(folder / "1.jpg", jpeg() if photo is None else photo)
    source = ViaSource(
        photo="1.jpg", regions=regions, example_id="1", group_id="g", split="test"
    )
    return read_photo(source, folder=folder)


def mask(record: Record, task: str = "damage") -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(record.masks[task])))


def boxes(*filled: tuple[int, int, int, int, int]) -> np.ndarray:
    """Returns a mask of rectangles (value, left, top, right, bottom)."""
    expected = np.zeros((HEIGHT, WIDTH), np.uint8)
    for value, left, top, right, bottom in filled:
        expected[top:bottom, left:right] = value
    return expected


def test_every_region_is_damage_whatever_its_attribute(tmp_path: Path) -> None:
    regions = [
        region(SMALL, "dent", "type"),
        {"shape_attributes": box(40, 20, 60, 40)},
    ]
    record = read(tmp_path, {"damage": regions})
    expected = boxes((1, 8, 6, 16, 10), (1, 40, 20, WIDTH, HEIGHT))
    np.testing.assert_array_equal(mask(record), expected)
    assert [entry["area_px"] for entry in record.instances] == [32, 96]
    assert [entry["instance_id"] for entry in record.instances] == [1, 2]


def test_no_region_is_a_background_photo(tmp_path: Path) -> None:
    record = read(tmp_path, {"damage": []})
    np.testing.assert_array_equal(mask(record), boxes())
    assert record.instances == ()
    assert record.image == jpeg()


def test_parts_and_damage_of_one_photo(tmp_path: Path) -> None:
    parts = [region(SMALL, "headlamp", "Class Name"), region(LARGE, "door")]
    record = read(tmp_path, {"damage": [region(SMALL)], "parts": parts})
    np.testing.assert_array_equal(mask(record), boxes((1, 8, 6, 16, 10)))
    np.testing.assert_array_equal(
        mask(record, "parts"), boxes((3, 4, 2, 36, 22), (1, 8, 6, 16, 10))
    )
    assert [
        (entry["task"], entry["class_id"], entry["instance_id"])
        for entry in record.instances
    ] == [("damage", 1, 1), ("parts", 1, 2), ("parts", 3, 3)]


@pytest.mark.parametrize(
    "attributes",
    [
        {"name": "damage"},
        {},
        {"a": "door", "b": "hood"},
        {"name": {"door": True}},
        None,
    ],
    ids=["damage", "empty", "two", "checkbox", "none"],
)
def test_a_part_must_be_named_once(attributes: Any) -> None:
    with pytest.raises(
        ValueError, match="a region must name one part of headlamp, rea"
    ):
        part_id({"region_attributes": attributes})


def test_corners_beyond_the_border_are_cut_off(tmp_path: Path) -> None:
    record = read(tmp_path, {"damage": [region(box(-1, -1, WIDTH + 1, 3))]})
    np.testing.assert_array_equal(mask(record), boxes((1, 0, 0, WIDTH, 3)))


@pytest.mark.parametrize("orientation", [6, 8])
def test_regions_that_fit_only_the_stored_pixels_turn_with_them(
    tmp_path: Path, orientation: int
) -> None:
    record = read(
        tmp_path, {"damage": [region(box(4, 2, 44, 22))]}, turned_jpeg(orientation)
    )
    turns = {6: -1, 8: 1}[orientation]
    np.testing.assert_array_equal(
        mask(record), np.rot90(boxes((1, 4, 2, 44, 22)), turns)
    )
    assert (record.height_px, record.width_px) == (WIDTH, HEIGHT)
    assert record.instances[0]["area_px"] == 40 * 20
    assert record.drawn_on == "stored"


def test_regions_that_fit_the_upright_photo_stay(tmp_path: Path) -> None:
    photo = turned_jpeg(6, size=(WIDTH, HEIGHT))
    record = read(tmp_path, {"damage": [region(box(4, 2, 44, 22))]}, photo)
    np.testing.assert_array_equal(mask(record), boxes((1, 4, 2, 44, 22)))
    both = read(tmp_path, {"damage": [region(SMALL)]}, photo)
    np.testing.assert_array_equal(mask(both), boxes((1, 8, 6, 16, 10)))
    assert (record.drawn_on, both.drawn_on) == ("upright", "undecided")


@pytest.mark.parametrize(
    ("regions", "orientation", "expected"),
    [([SMALL], 3, "undecided"), ([SMALL], 1, "upright"), ([], 6, "upright")],
    ids=["half turn", "upright", "no region"],
)
def test_only_regions_of_a_turned_photo_are_in_doubt(
    tmp_path: Path, regions: list[Any], orientation: int, expected: str
) -> None:
    listed = [region(shape) for shape in regions]
    record = read(tmp_path, {"damage": listed}, turned_jpeg(orientation))
    assert record.drawn_on == expected


@pytest.mark.parametrize(
    ("shape", "photo", "message"),
    [
        ({"name": "point", "cx": 3, "cy": 4}, None, "got 'point', which has no area"),
        (None, None, "a region must be one of polygon"),
        (SMALL, b"no photo", "cannot decode file of 8 bytes"),
    ],
    ids=["point", "no-shape", "no-photo"],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, shape: Any, photo: bytes | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        read(tmp_path, {"damage": [region(shape)]}, photo)
    assert "\n" not in str(caught.value)
