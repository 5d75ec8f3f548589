"""A label becomes objects of damage and of parts, or one line of what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tfds_builders.car_damage_aihub.drawn_tree import (
    BUMPER,
    SCRATCH,
    annotation,
    corners,
    label,
)
from tfds_builders.annotated_objects import AnnotatedObject
from tfds_builders.car_damage_aihub.label_reading import parse_label

STEM = "0000459_sc-226797"
DOOR = annotation((3, 3, 9, 9), part="Front door(R)", color="Black", year=2019)
BOTH = annotation((3, 3, 9, 9), damage="Breakage", part="Rear lamp(L)")


def test_size_objects_and_features_are_read() -> None:
    read = parse_label(label(STEM, (SCRATCH, DOOR, BUMPER)), STEM)

    assert (read.height_px, read.width_px) == (30, 40)
    assert read.damages == (
        AnnotatedObject(
            class_id=1, polygons=(((2, 3), (12, 3), (12, 9), (2, 9)),), rle_counts=None
        ),
    )
    assert [entry.class_id for entry in read.parts] == [20, 1]
    assert read.vehicle_size == "Full-size car"
    assert read.colours == ("White", "Black")
    assert read.years == ("2018", "2019")


def test_an_annotation_of_damage_and_part_counts_for_both() -> None:
    read = parse_label(label(STEM, (BOTH,)), STEM)

    assert [entry.class_id for entry in read.damages] == [4]
    assert [entry.class_id for entry in read.parts] == [11]
    assert read.damages[0].polygons == read.parts[0].polygons


@pytest.mark.parametrize(
    "form",
    [
        label(STEM, SCRATCH),
        label(STEM, (SCRATCH, SCRATCH)),
        label(
            STEM,
            (SCRATCH, SCRATCH | {"id": 9, "segmentation": [corners((2, 3, 12, 9))]}),
        ),
        label(STEM) | {"images": [label(STEM)["images"]]},
        label(STEM) | {"categories": [label(STEM)["categories"]]},
        [label(STEM)],
    ],
    ids=["one-object", "twice", "twice-in-other-depth", "images", "categories", "list"],
)
def test_every_published_form_reads_the_same(form: Any) -> None:
    read = parse_label(form, STEM)
    expected = parse_label(label(STEM), STEM)

    assert (read.damages, read.vehicle_size) == (expected.damages, "Full-size car")
    assert len(read.damages) == 1


def test_a_label_without_annotations_says_that_nothing_is_there() -> None:
    read = parse_label(label(STEM, ()), STEM)

    assert (read.damages, read.parts, read.colours) == ((), (), ())


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (3, "the label must be one object, got int '3'"),
        ({}, "images must be one object, got null"),
        (
            label(STEM) | {"annotations": None},
            "annotations must be a list of objects, got null",
        ),
        (
            label(STEM, (SCRATCH, annotation())),
            "annotations[1] must name a damage or a part, got neither",
        ),
        (
            label(STEM, (annotation(damage="Dent"),)),
            "annotations[0].damage must be one of Scratched, Separated, Crushed,"
            " Breakage, got 'Dent'",
        ),
        (
            label(STEM, (annotation(damage="Crushed", segmentation=[]),)),
            "annotations[0].segmentation must hold a polygon, got none",
        ),
        (
            label("0000460_sc-226797"),
            "images.file_name must be that of '0000459_sc-226797', got"
            " '0000460_sc-226797.jpg'",
        ),
        (
            label(STEM, size=(0, 40)),
            "images.height must be a whole number above 0, got 0",
        ),
    ],
    ids=[
        "number",
        "empty",
        "no-annotations",
        "neither",
        "damage",
        "polygon",
        "photo",
        "size",
    ],
)
def test_a_wrong_label_is_one_line(form: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_label(form, STEM)
    assert str(caught.value) == message


def test_an_unknown_part_is_refused_with_all_known_ones() -> None:
    with pytest.raises(ValueError) as caught:
        parse_label(label(STEM, (annotation(part="Grille"),)), STEM)
    message = str(caught.value)
    assert message.startswith("annotations[0].part must be one of Front bumper, Rear b")
    assert message.endswith(", Rear Wheel(L), Rear Wheel(R), got 'Grille'")


def test_what_is_not_known_of_a_car_is_empty() -> None:
    form = label(STEM, (annotation(damage="Crushed"),)) | {"categories": None}
    read = parse_label(form, STEM)

    assert (read.vehicle_size, read.colours, read.years) == ("", (), ())
