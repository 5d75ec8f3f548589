"""Fields of a label are read with their types; every error names the field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tfds_builders.car_damage_aihub.drawn_tree import corners
from tfds_builders.car_damage_aihub.label_fields import (
    class_of,
    objects,
    one_object,
    positive_integer,
    rings_of,
    text_or_number,
)
from tfds_builders.car_damage_aihub.taxonomy import DAMAGE_IDS, PART_IDS

BOX, OTHER = corners((1, 2, 5, 6)), corners((7, 2, 9, 4))
OPEN = ((1, 2), (5, 2), (5, 6), (1, 6))
OTHER_OPEN = ((7, 2), (9, 2), (9, 4), (7, 4))


@pytest.mark.parametrize(
    ("segmentation", "rings"),
    [
        ([[BOX]], (OPEN,)),
        ([BOX], (OPEN,)),
        (BOX, (OPEN,)),
        ([[BOX, OTHER]], (OPEN, OTHER_OPEN)),
        ([[BOX], [OTHER]], (OPEN, OTHER_OPEN)),
        ([[BOX], OTHER], (OPEN, OTHER_OPEN)),
        ([[BOX[:-1]], []], (OPEN,)),
        ([[[[0.5, 1], [2, 1], [2, 3.25]]]], (((0.5, 1), (2, 1), (2, 3.25)),)),
    ],
    ids=["four", "three", "two", "two-in-one", "groups", "mixed", "open", "fractions"],
)
def test_polygons_are_found_at_every_published_depth(
    segmentation: Any, rings: Any
) -> None:
    assert rings_of(segmentation, "s") == rings


@pytest.mark.parametrize(
    ("segmentation", "message"),
    [
        ([], "s must hold a polygon, got none"),
        ([[[]]], "s must hold a polygon, got none"),
        (None, "s must be lists of polygons of corners [x, y], got null in place of"),
        ([[1, 2, 3, 4, 5, 6]], "corners [x, y], got int '1' in place of one"),
        ([[[BOX]]], "corners [x, y], got a list of 5 in place of one"),
        ([[[1, 2], [3, 4], [1, 2]]], "s must hold polygons of 3 corners, got [[1, 2]"),
        ([[[1, 2], [3, None], [5, 6]]], "corners [x, y], got int '1' in place of one"),
        ([[[1, 2], [float("inf"), 4], [5, 6]]], "got int '1' in place of one"),
        ([[[1, 2], [10**400, 4], [5, 6]]], "got int '1' in place of one"),
        ("0,0", "corners [x, y], got str '0,0' in place of one"),
    ],
    ids=[
        "empty",
        "hollow",
        "null",
        "flat",
        "too-deep",
        "line",
        "null-corner",
        "infinite",
        "huge",
        "text",
    ],
)
def test_what_is_no_polygon_is_refused(segmentation: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        rings_of(segmentation, "s")
    assert message in str(caught.value)


def test_a_class_name_is_found_whatever_its_spaces_and_capitals() -> None:
    assert class_of("Front wheel (L)", PART_IDS, "part") == PART_IDS["Front Wheel(L)"]
    assert class_of("Crushed", DAMAGE_IDS, "damage") == 3
    assert class_of(None, DAMAGE_IDS, "damage") is None
    assert class_of("", DAMAGE_IDS, "damage") is None


@pytest.mark.parametrize("value", ["Dent", 3, ["Crushed"], False])
def test_an_unknown_class_is_refused_with_the_known_ones(value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        class_of(value, DAMAGE_IDS, "annotations[1].damage")
    assert str(caught.value) == (
        "annotations[1].damage must be one of Scratched, Separated, Crushed, Breakage,"
        f" got {value!r}"
    )


def test_objects_come_alone_or_in_lists() -> None:
    assert one_object({"a": 1}, "w") == one_object([{"a": 1}], "w") == {"a": 1}
    assert objects({"a": 1}, "w") == objects([{"a": 1}], "w") == [{"a": 1}]
    assert objects([], "w") == []
    for value, got in (([], "a list of 0"), ([{}, {}], "a list of 2"), (3, "int '3'")):
        with pytest.raises(ValueError, match=f"^w must be one object, got {got}$"):
            one_object(value, "w")
    with pytest.raises(ValueError, match=r"^w must be a list of objects, got null$"):
        objects(None, "w")
    with pytest.raises(ValueError, match=r"^w\[1\] must be an object, got str 'x'$"):
        objects([{}, "x"], "w")


@pytest.mark.parametrize("value", [0, -3, True, 8.0, "960", None])
def test_a_size_is_a_whole_number_above_zero(value: Any) -> None:
    assert positive_integer(960, "w") == 960
    with pytest.raises(ValueError, match=r"^w must be a whole number above 0, got "):
        positive_integer(value, "w")


@pytest.mark.parametrize(
    ("value", "text"),
    [(2018, "2018"), (2018.0, "2018"), ("2018 ", "2018"), (None, ""), (True, "")],
)
def test_a_slice_is_text_whatever_its_type(value: Any, text: str) -> None:
    assert text_or_number(value) == text
    assert text_or_number([value]) == ""
