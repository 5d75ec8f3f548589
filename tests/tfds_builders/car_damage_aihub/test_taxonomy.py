"""The classes are those of AI Hub, sides swap in a mirror, colours tell apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from tfds_builders.car_damage_aihub.taxonomy import (
    DAMAGE_IDS,
    PART_IDS,
    TAXONOMIES,
    damage_without_kind,
    parts_without_side,
)

PARTS_OF_NO_SIDE = [
    "Front bumper",
    "Rear bumper",
    "Bonnet",
    "Trunk lid",
    "Roof",
    "Windshield",
    "Rear windshield",
    "Undercarriage",
]
PARTS_OF_A_SIDE = [
    "Head lights",
    "Rear lamp",
    "Front fender",
    "Rear fender",
    "Side mirror",
    "Front door",
    "Rear door",
    "Rocker panel",
    "A pillar",
    "B pillar",
    "C pillar",
    "Front Wheel",
    "Rear Wheel",
]


def test_the_names_are_the_published_ones_in_a_fixed_order() -> None:
    names = {task: form.names for task, form in TAXONOMIES.items()}

    assert names["damage_binary"] == ("background", "damage")
    assert names["damage4"] == (
        "background",
        "Scratched",
        "Separated",
        "Crushed",
        "Breakage",
    )
    assert names["parts34"] == (
        "background",
        *PARTS_OF_NO_SIDE,
        *(f"{name}({side})" for name in PARTS_OF_A_SIDE for side in "LR"),
    )
    assert names["parts21"] == ("background", *PARTS_OF_NO_SIDE, *PARTS_OF_A_SIDE)
    assert [form.num_classes for form in TAXONOMIES.values()] == [2, 5, 35, 22]


def test_a_mirror_swaps_left_and_right_and_nothing_else() -> None:
    form = TAXONOMIES["parts34"]
    flipped = form.flip_ids()

    assert flipped[:9] == tuple(range(9))
    assert form.names[flipped[PART_IDS["Rear Wheel(L)"]]] == "Rear Wheel(R)"
    assert all(flipped[flipped[class_id]] == class_id for class_id in range(35))
    assert sum(new != old for old, new in enumerate(flipped)) == 26
    for task in ("damage_binary", "damage4", "parts21"):
        size = TAXONOMIES[task].num_classes
        assert TAXONOMIES[task].flip_ids() == tuple(range(size))


def test_masks_of_fewer_classes_follow_by_name_and_keep_void() -> None:
    parts34 = np.array([[0, *PART_IDS.values(), 255]], np.uint8)
    merged = TAXONOMIES["parts21"].names

    found = parts_without_side(parts34)[0]

    expected = [name.removesuffix("(L)").removesuffix("(R)") for name in PART_IDS]
    assert [merged[class_id] for class_id in found[:-1]] == ["background", *expected]
    assert found[-1] == 255
    damage = np.array([[0, *DAMAGE_IDS.values(), 255]], np.uint8)
    assert damage_without_kind(damage).tolist() == [[0, 1, 1, 1, 1, 255]]


@pytest.mark.parametrize(("task", "distance"), [("damage4", 150), ("parts34", 40)])
def test_colours_can_be_told_apart(task: str, distance: int) -> None:
    colours = [np.array(entry.rgb, float) for entry in TAXONOMIES[task].classes]

    nearest = min(np.linalg.norm(a - b) for a, b in combinations(colours, 2))

    assert nearest >= distance


def test_commercial_use_is_left_to_the_owner() -> None:
    assert {form.commercial for form in TAXONOMIES.values()} == {"unknown"}
    assert {form.dataset for form in TAXONOMIES.values()} == {"car_damage_aihub"}
