"""The class lists of AI Hub 581: damage, its kinds, and parts with or without side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tfds_builders.taxonomy import VOID_ID, Rgb, Taxonomy, number_classes

DATASET = "car_damage_aihub"
LICENCE = "AI Hub terms of use (https://aihub.or.kr)"

DAMAGE_BINARY = "damage_binary"
DAMAGE4 = "damage4"
PARTS34 = "parts34"
PARTS21 = "parts21"

NamedColour = tuple[str, Rgb]

_BACKGROUND: NamedColour = ("background", (0, 0, 0))
_DAMAGE: tuple[NamedColour, ...] = (
    ("Scratched", (255, 220, 0)),
    ("Separated", (0, 200, 255)),
    ("Crushed", (255, 0, 255)),
    ("Breakage", (255, 40, 40)),
)
_PARTS_OF_NO_SIDE: tuple[NamedColour, ...] = (
    ("Front bumper", (230, 25, 75)),
    ("Rear bumper", (100, 0, 255)),
    ("Bonnet", (255, 150, 0)),
    ("Trunk lid", (0, 100, 110)),
    ("Roof", (90, 50, 0)),
    ("Windshield", (120, 200, 255)),
    ("Rear windshield", (30, 60, 190)),
    ("Undercarriage", (80, 80, 80)),
)
# Colours of the left side; the right side is the same one, darker.
_PARTS_OF_A_SIDE: tuple[NamedColour, ...] = (
    ("Head lights", (255, 255, 110)),
    ("Rear lamp", (255, 105, 90)),
    ("Front fender", (0, 128, 255)),
    ("Rear fender", (185, 125, 255)),
    ("Side mirror", (0, 255, 255)),
    ("Front door", (0, 200, 0)),
    ("Rear door", (170, 255, 0)),
    ("Rocker panel", (255, 140, 190)),
    ("A pillar", (255, 200, 150)),
    ("B pillar", (200, 160, 50)),
    ("C pillar", (110, 240, 170)),
    ("Front Wheel", (230, 230, 250)),
    ("Rear Wheel", (255, 50, 255)),
)
_RIGHT_SIDE_BRIGHTNESS = 0.6
_LEFT, _RIGHT = "(L)", "(R)"


def without_side(name: str) -> str:
    """Returns the name that left and right share.

    Example:
        >>> without_side("Front door(R)"), without_side("Roof")
        ('Front door', 'Roof')
    """
    return name.removesuffix(_LEFT).removesuffix(_RIGHT)


def _both_sides(name: str, rgb: Rgb) -> tuple[NamedColour, NamedColour]:
    red, green, blue = (int(value * _RIGHT_SIDE_BRIGHTNESS) for value in rgb)
    return (name + _LEFT, rgb), (name + _RIGHT, (red, green, blue))


def _taxonomy(task: str, named: Sequence[NamedColour]) -> Taxonomy:
    return Taxonomy(
        dataset=DATASET,
        task=task,
        licence=LICENCE,
        commercial="unknown",
        classes=number_classes((_BACKGROUND, *named)),
    )


def _ids(taxonomy: Taxonomy) -> dict[str, int]:
    return {name: i for i, name in enumerate(taxonomy.names) if i}


TAXONOMIES: Mapping[str, Taxonomy] = {
    DAMAGE_BINARY: _taxonomy(DAMAGE_BINARY, [("damage", (255, 0, 0))]),
    DAMAGE4: _taxonomy(DAMAGE4, _DAMAGE),
    PARTS34: _taxonomy(
        PARTS34,
        [
            *_PARTS_OF_NO_SIDE,
            *(side for part in _PARTS_OF_A_SIDE for side in _both_sides(*part)),
        ],
    ),
    PARTS21: _taxonomy(PARTS21, [*_PARTS_OF_NO_SIDE, *_PARTS_OF_A_SIDE]),
}

DAMAGE_IDS: Mapping[str, int] = _ids(TAXONOMIES[DAMAGE4])
PART_IDS: Mapping[str, int] = _ids(TAXONOMIES[PARTS34])


def damage_without_kind(damage4_ids: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Returns the mask of `damage_binary` for one of `damage4`; void stays void.

    Example:
        >>> damage_without_kind(np.array([[0, 1, 4, 255]], np.uint8)).tolist()
        [[0, 1, 1, 255]]
    """
    return _renamed(damage4_ids, dict.fromkeys(DAMAGE_IDS.values(), 1))


def parts_without_side(parts34_ids: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Returns the mask of `parts21` for one of `parts34`; void stays void.

    Example:
        >>> parts_without_side(np.array([[0, 8, 9, 10, 34, 255]], np.uint8)).tolist()
        [[0, 8, 9, 9, 21, 255]]
    """
    merged = _ids(TAXONOMIES[PARTS21])
    return _renamed(
        parts34_ids,
        {class_id: merged[without_side(name)] for name, class_id in PART_IDS.items()},
    )


def _renamed(
    mask_ids: npt.NDArray[np.uint8], new_ids: Mapping[int, int]
) -> npt.NDArray[np.uint8]:
    table = np.zeros(VOID_ID + 1, np.uint8)
    table[VOID_ID] = VOID_ID
    for old, new in new_ids.items():
        table[old] = new
    return table[mask_ids]
