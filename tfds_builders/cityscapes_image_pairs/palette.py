"""The colours that Cityscapes paints its labels with, and the class behind each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfds_builders.taxonomy import Rgb


@dataclass(frozen=True, kw_only=True)
class LabelColour:
    """One colour of the label pictures.

    Attributes:
        name: Name of the label, words joined by `_`.
        rgb: As the owner's label list gives it.
        category: Category of a class to learn; None for labels that count as void.
    """

    name: str
    rgb: Rgb
    category: str | None = None


def _classes(category: str, *entries: tuple[str, Rgb]) -> tuple[LabelColour, ...]:
    return tuple(
        LabelColour(name=name, rgb=rgb, category=category) for name, rgb in entries
    )


# In the order of the owner's train ids. A group of poles is painted as a pole and a
# licence plate as a car, so those two labels have no entry.
CLASS_COLOURS: tuple[LabelColour, ...] = (
    *_classes("flat", ("road", (128, 64, 128)), ("sidewalk", (244, 35, 232))),
    *_classes(
        "construction",
        ("building", (70, 70, 70)),
        ("wall", (102, 102, 156)),
        ("fence", (190, 153, 153)),
    ),
    *_classes(
        "object",
        ("pole", (153, 153, 153)),
        ("traffic_light", (250, 170, 30)),
        ("traffic_sign", (220, 220, 0)),
    ),
    *_classes("nature", ("vegetation", (107, 142, 35)), ("terrain", (152, 251, 152))),
    *_classes("sky", ("sky", (70, 130, 180))),
    *_classes("human", ("person", (220, 20, 60)), ("rider", (255, 0, 0))),
    *_classes(
        "vehicle",
        ("car", (0, 0, 142)),
        ("truck", (0, 0, 70)),
        ("bus", (0, 60, 100)),
        ("train", (0, 80, 100)),
        ("motorcycle", (0, 0, 230)),
        ("bicycle", (119, 11, 32)),
    ),
)

# Decoded like classes, then void: without them their pixels would go to whatever
# class has the nearest colour.
VOID_COLOURS: tuple[LabelColour, ...] = (
    LabelColour(name="unlabelled", rgb=(0, 0, 0)),
    LabelColour(name="dynamic", rgb=(111, 74, 0)),
    LabelColour(name="ground", rgb=(81, 0, 81)),
    LabelColour(name="parking", rgb=(250, 170, 160)),
    LabelColour(name="rail_track", rgb=(230, 150, 140)),
    LabelColour(name="guard_rail", rgb=(180, 165, 180)),
    LabelColour(name="bridge", rgb=(150, 100, 100)),
    LabelColour(name="tunnel", rgb=(150, 120, 90)),
    LabelColour(name="caravan", rgb=(0, 0, 90)),
    LabelColour(name="trailer", rgb=(0, 0, 110)),
)

PALETTE: tuple[LabelColour, ...] = CLASS_COLOURS + VOID_COLOURS
PALETTE_RGB = np.array([entry.rgb for entry in PALETTE], np.uint8)  # [29, 3]
NUM_CLASSES = len(CLASS_COLOURS)
