"""A photo and its labels become one record, pixel by pixel."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.car_damage_aihub.drawn_tree import (
    BUMPER,
    HEIGHT,
    SCRATCH,
    WIDTH,
    annotation,
    corners,
    draw,
    label,
    photo_jpeg,
    place,
)
from tests.tfds_builders.car_damage_aihub.read_records import (
    STEM,
    mask,
    painted,
    read,
)
from tests.tfds_builders.drawn_files import write


def test_a_damage_photo_has_damage_and_void_parts(tmp_path: Path) -> None:
    draw(tmp_path, STEM, "damage", (SCRATCH,))
    record = read(tmp_path, "damage")

    assert (record.example_id, record.group_id) == (STEM, "sc-226797")
    assert (record.split, record.source) == ("eval", "damage")
    assert (record.height_px, record.width_px) == (HEIGHT, WIDTH)
    assert tuple(record.masks) == ("damage_binary", "damage4", "parts34", "parts21")
    expected = painted((2, 3, 12, 9, 1))
    np.testing.assert_array_equal(mask(record, "damage4"), expected)
    np.testing.assert_array_equal(mask(record, "damage_binary"), expected)
    np.testing.assert_array_equal(mask(record, "parts34"), painted(ground=255))
    np.testing.assert_array_equal(mask(record, "parts21"), painted(ground=255))
    assert record.slices == {
        "vehicle_size": "Full-size car",
        "colour": "White",
        "year": "2018",
    }


def test_a_damage_part_photo_has_both_and_is_background_elsewhere(
    tmp_path: Path,
) -> None:
    door = annotation((30, 0, 40, 10), part="Rear door(R)")
    crush = annotation((5, 16, 9, 20), damage="Crushed")
    draw(tmp_path, STEM, "damage_part", (crush, BUMPER, door))
    record = read(tmp_path, "damage_part", config="damage_parts")

    np.testing.assert_array_equal(mask(record, "damage4"), painted((5, 16, 9, 20, 3)))
    np.testing.assert_array_equal(
        mask(record, "damage_binary"), painted((5, 16, 9, 20, 1))
    )
    bumper = (0, 15, 40, 30, 1)
    np.testing.assert_array_equal(
        mask(record, "parts34"), painted(bumper, (30, 0, 40, 10, 22))
    )
    np.testing.assert_array_equal(
        mask(record, "parts21"), painted(bumper, (30, 0, 40, 10, 15))
    )


def test_a_damage_part_photo_without_damage_is_background(tmp_path: Path) -> None:
    draw(tmp_path, STEM, "damage_part", (BUMPER,))
    record = read(tmp_path, "damage_part", config="damage")

    assert tuple(record.masks) == ("damage_binary", "damage4")
    np.testing.assert_array_equal(mask(record, "damage4"), painted())
    assert record.instances == ()


def test_both_labels_make_one_record_without_double_instances(tmp_path: Path) -> None:
    only_here = annotation((20, 2, 25, 6), damage="Separated")
    again = SCRATCH | {"segmentation": [corners((2, 3, 12, 9))]}
    draw(tmp_path, STEM, "damage", (again, only_here))
    draw(tmp_path, STEM, "damage_part", (BUMPER, SCRATCH))
    record = read(tmp_path, "damage_part", "damage")

    assert record.source == "damage+damage_part"
    np.testing.assert_array_equal(
        mask(record, "damage4"), painted((2, 3, 12, 9, 1), (20, 2, 25, 6, 2))
    )
    np.testing.assert_array_equal(mask(record, "parts34"), painted((0, 15, 40, 30, 1)))
    listed = [
        (entry["task"], entry["class_id"], entry["instance_id"], entry["bbox_px"])
        for entry in record.instances
    ]
    assert listed == [
        ("damage4", 1, 1, [2, 3, 10, 6]),
        ("damage4", 2, 2, [20, 2, 5, 4]),
        ("parts34", 1, 3, [0, 15, 40, 15]),
    ]


def test_a_part_in_a_damage_label_is_all_that_is_known_of_parts(
    tmp_path: Path,
) -> None:
    draw(tmp_path, STEM, "damage", (SCRATCH, BUMPER))

    np.testing.assert_array_equal(
        mask(read(tmp_path, "damage"), "parts34"),
        painted((0, 15, 40, 30, 1), ground=255),
    )


def test_small_damage_lies_on_large_and_what_reaches_over_is_cut(
    tmp_path: Path,
) -> None:
    small = annotation((10, 10, 14, 14), damage="Breakage")
    large = annotation((-5, 5, 60, 20), damage="Separated")
    draw(tmp_path, STEM, "damage", (small, large))
    record = read(tmp_path, "damage")

    np.testing.assert_array_equal(
        mask(record, "damage4"), painted((0, 5, 40, 20, 2), (10, 10, 14, 14, 4))
    )
    assert [entry["area_px"] for entry in record.instances] == [16, 600]


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    draw(tmp_path, STEM, "damage")
    path = tmp_path / place("damage", of_labels=True) / f"{STEM}.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert mask(read(tmp_path, "damage"), "damage4").sum() == 60


def test_the_photo_is_stored_as_published(tmp_path: Path) -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "JPEG")
    draw(tmp_path, STEM, "damage", photo=out.getvalue())

    record = read(tmp_path, "damage")

    scan = out.getvalue().partition(b"\xff\xda")[2]
    assert record.image.endswith(scan)


def test_a_label_is_upright_or_drawn_on_the_stored_pixels(tmp_path: Path) -> None:
    lying = photo_jpeg(size=(WIDTH, HEIGHT), orientation=6)
    draw(tmp_path, STEM, "damage", photo=lying)
    upright = read(tmp_path, "damage")
    np.testing.assert_array_equal(mask(upright, "damage4"), painted((2, 3, 12, 9, 1)))
    assert (upright.orientation, upright.height_px) == (6, HEIGHT)
    assert upright.drawn_on == "upright"

    stored = label(STEM, (annotation((0, 0, 3, 7), damage="Crushed"),), size=(40, 30))
    draw(tmp_path, STEM, "damage", photo=lying, form=stored)
    turned = read(tmp_path, "damage")
    np.testing.assert_array_equal(
        mask(turned, "damage4"), painted((WIDTH - 7, 0, WIDTH, 3, 3))
    )
    assert turned.instances[0]["bbox_px"] == [WIDTH - 7, 0, 7, 3]
    assert turned.drawn_on == "stored"


def test_labels_drawn_in_two_ways_are_refused(tmp_path: Path) -> None:
    lying = photo_jpeg(size=(WIDTH, HEIGHT), orientation=6)
    draw(tmp_path, STEM, "damage", photo=lying)
    draw(tmp_path, STEM, "damage_part", photo=lying, form=label(STEM, size=(40, 30)))

    with pytest.raises(ValueError, match=r"^both labels of a photo must be drawn u"):
        read(tmp_path, "damage_part", "damage")


def test_the_most_frequent_year_and_colour_are_the_cars(tmp_path: Path) -> None:
    draw(
        tmp_path,
        STEM,
        "damage",
        tuple(
            annotation((n, 0, n + 4, 4), damage="Crushed", year=year, color=colour)
            for n, (year, colour) in enumerate(
                [(2018, None), (2019, "Grey"), ("2019", " Red"), (None, "Red")]
            )
        ),
    )
    slices = read(tmp_path, "damage").slices
    assert (slices["year"], slices["colour"]) == ("2019", "Red")


def test_without_size_year_and_colour_slices_are_empty_text(tmp_path: Path) -> None:
    form = label(STEM, (annotation(damage="Crushed"),)) | {"categories": {}}
    draw(tmp_path, STEM, "damage", form=form)

    assert set(read(tmp_path, "damage").slices.values()) == {""}


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (
            label(STEM, size=(31, 40)),
            "damage label must have the photo's size 40 x 30, got 40 x 31; export the",
        ),
        (
            label(STEM, (annotation(damage="Dent"),)),
            "annotations[0].damage must be one of Scratched, Separated, Crushed,"
            " Breakage, got 'Dent' in '160.차량파손 이미지 데이터/01.데이터/",
        ),
    ],
    ids=["size", "class"],
)
def test_a_wrong_label_is_named_in_one_line(
    tmp_path: Path, form: dict[str, Any], message: str
) -> None:
    draw(tmp_path, STEM, "damage", form=form)
    with pytest.raises(ValueError) as caught:
        read(tmp_path, "damage")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value) and str(tmp_path) not in str(caught.value)


def test_files_that_cannot_be_read_are_named_below_the_folder(tmp_path: Path) -> None:
    draw(tmp_path, STEM, "damage")
    path = tmp_path / place("damage", of_labels=True) / f"{STEM}.json"
    write(path, json.dumps({}).encode()[:-1])
    with pytest.raises(ValueError, match="must hold JSON in UTF-8") as caught:
        read(tmp_path, "damage")
    assert str(tmp_path) not in str(caught.value)
    (tmp_path / place("damage") / f"{STEM}.jpg").unlink()
    with pytest.raises(ValueError, match=r"^cannot read '160.+No such file") as caught:
        read(tmp_path, "damage")
    assert str(tmp_path) not in str(caught.value)
