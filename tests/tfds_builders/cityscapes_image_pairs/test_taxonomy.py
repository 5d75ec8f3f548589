"""The class lists are the owner's, and one colour means the same in all three."""

from __future__ import annotations

from tfds_builders.cityscapes_image_pairs.palette import (
    CLASS_COLOURS,
    PALETTE,
    PALETTE_RGB,
    VOID_COLOURS,
)
from tfds_builders.cityscapes_image_pairs.taxonomy import TAXONOMIES, id_table


def test_the_19_classes_are_in_the_order_of_the_train_ids() -> None:
    names = TAXONOMIES["classes19"].names

    assert len(names) == 19
    assert (names[0], names[5], names[11], names[13]) == (
        "road",
        "pole",
        "person",
        "car",
    )
    assert names[14:] == ("truck", "bus", "train", "motorcycle", "bicycle")
    assert TAXONOMIES["classes19"].classes[14].rgb == (0, 0, 70)


def test_there_are_29_different_colours() -> None:
    assert PALETTE_RGB.shape == (29, 3)
    assert len({entry.rgb for entry in PALETTE}) == 29
    assert len({entry.name for entry in PALETTE}) == 29


def test_only_car_has_a_background_and_none_may_be_sold() -> None:
    assert {task: form.background_id for task, form in TAXONOMIES.items()} == {
        "classes19": None,
        "categories7": None,
        "car": 0,
    }
    assert {form.commercial for form in TAXONOMIES.values()} == {"no"}


def test_every_category_has_its_classes() -> None:
    categories = TAXONOMIES["categories7"].names
    table = id_table("categories7")
    members: dict[str, list[str]] = {name: [] for name in categories}
    for index, entry in enumerate(CLASS_COLOURS):
        members[categories[table[index]]].append(entry.name)

    assert members == {
        "flat": ["road", "sidewalk"],
        "human": ["person", "rider"],
        "vehicle": ["car", "truck", "bus", "train", "motorcycle", "bicycle"],
        "object": ["pole", "traffic_light", "traffic_sign"],
        "nature": ["vegetation", "terrain"],
        "sky": ["sky"],
        "construction": ["building", "wall", "fence"],
    }


def test_void_colours_are_void_in_every_task() -> None:
    for task in TAXONOMIES:
        table = id_table(task)
        assert set(table[19 : 19 + len(VOID_COLOURS)].tolist()) == {255}
        assert set(table[29:].tolist()) == {255}


def test_only_the_class_car_is_car() -> None:
    cars = [PALETTE[i].name for i, car in enumerate(id_table("car")) if car == 1]

    assert cars == ["car"]
