"""The class lists of the drawn cars: car, parts, damage and street."""

from __future__ import annotations

from typing import Literal

from tfds_builders.taxonomy import Rgb, Taxonomy, number_classes

DATASET = "synthetic_cars"
LICENCE = "CC0-1.0"

_CAR: tuple[tuple[str, Rgb], ...] = (("background", (0, 0, 0)), ("car", (255, 140, 0)))

# Every car pixel has a part; `body` is what carries no name of its own: pillars,
# sills, wheel arches, cladding and the underside.
_PARTS: tuple[tuple[str, Rgb], ...] = (
    ("background", (0, 0, 0)),
    ("body", (150, 150, 150)),
    ("hood", (255, 128, 0)),
    ("roof", (110, 60, 20)),
    ("windscreen", (120, 200, 255)),
    ("rear_window", (60, 110, 200)),
    ("trunk_lid", (0, 255, 140)),
    ("front_bumper", (255, 0, 128)),
    ("rear_bumper", (140, 0, 90)),
    ("grille", (70, 70, 40)),
    ("licence_plate", (255, 255, 255)),
    ("wheel", (50, 50, 50)),
    ("left_front_door", (0, 150, 0)),
    ("right_front_door", (0, 90, 60)),
    ("left_rear_door", (255, 235, 0)),
    ("right_rear_door", (180, 160, 0)),
    ("left_fender", (0, 128, 255)),
    ("right_fender", (0, 50, 190)),
    ("left_quarter_panel", (170, 60, 255)),
    ("right_quarter_panel", (90, 0, 160)),
    ("left_headlight", (255, 255, 170)),
    ("right_headlight", (225, 205, 110)),
    ("left_tail_light", (255, 40, 40)),
    ("right_tail_light", (170, 0, 0)),
    ("left_mirror", (0, 255, 255)),
    ("right_mirror", (0, 160, 160)),
    ("left_window", (190, 225, 255)),
    ("right_window", (140, 170, 200)),
)

_DAMAGE: tuple[tuple[str, Rgb], ...] = (
    ("background", (0, 0, 0)),
    ("scratch", (255, 220, 0)),
    ("dent", (0, 200, 255)),
    ("crack", (255, 0, 255)),
    ("broken", (255, 40, 40)),
)

# Colours of Cityscapes where it has the class.
_STREET: tuple[tuple[str, Rgb], ...] = (
    ("road", (128, 64, 128)),
    ("sidewalk", (244, 35, 232)),
    ("building", (70, 70, 70)),
    ("wall", (102, 102, 156)),
    ("pole", (153, 153, 153)),
    ("traffic_sign", (220, 220, 0)),
    ("vegetation", (107, 142, 35)),
    ("terrain", (152, 251, 152)),
    ("sky", (70, 130, 180)),
    ("person", (220, 20, 60)),
    ("car", (0, 0, 142)),
    ("truck", (0, 0, 70)),
    ("bus", (0, 60, 100)),
    ("obstacle", (111, 74, 0)),
)


def _taxonomy(
    task: Literal["car", "parts", "damage", "street"],
    classes: tuple[tuple[str, Rgb], ...],
) -> Taxonomy:
    return Taxonomy(
        dataset=DATASET,
        task=task,
        licence=LICENCE,
        commercial="yes",
        background_id=None if task == "street" else 0,
        classes=number_classes(classes),
    )


TAXONOMIES: dict[str, Taxonomy] = {
    "car": _taxonomy("car", _CAR),
    "parts": _taxonomy("parts", _PARTS),
    "damage": _taxonomy("damage", _DAMAGE),
    "street": _taxonomy("street", _STREET),
}

CAR_ID = 1
PART_IDS: dict[str, int] = {name: i for i, (name, _) in enumerate(_PARTS)}
DAMAGE_IDS: dict[str, int] = {name: i for i, (name, _) in enumerate(_DAMAGE)}
STREET_IDS: dict[str, int] = {name: i for i, (name, _) in enumerate(_STREET)}
