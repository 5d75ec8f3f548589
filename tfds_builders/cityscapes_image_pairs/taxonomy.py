"""The three class lists of the pairs, and which colour has which id in each."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from tfds_builders.cityscapes_image_pairs.palette import (
    CLASS_COLOURS,
    PALETTE,
    LabelColour,
)
from tfds_builders.taxonomy import VOID_ID, Rgb, Taxonomy, number_classes

DATASET = "cityscapes_image_pairs"
LICENCE = "Cityscapes terms of use: non-commercial research and teaching only"

# The owner gives categories no colour; each has that of its commonest class.
_CATEGORY_COLOURS: dict[str, Rgb] = {
    "flat": (128, 64, 128),
    "human": (220, 20, 60),
    "vehicle": (0, 0, 142),
    "object": (153, 153, 153),
    "nature": (107, 142, 35),
    "sky": (70, 130, 180),
    "construction": (70, 70, 70),
}
_BACKGROUND, _CAR = "background", "car"


def _taxonomy(
    task: str, colours: dict[str, Rgb], background_id: int | None = None
) -> Taxonomy:
    return Taxonomy(
        dataset=DATASET,
        task=task,
        licence=LICENCE,
        commercial="no",
        background_id=background_id,
        classes=number_classes(colours.items()),
    )


TAXONOMIES: dict[str, Taxonomy] = {
    "classes19": _taxonomy(
        "classes19", {entry.name: entry.rgb for entry in CLASS_COLOURS}
    ),
    "categories7": _taxonomy("categories7", _CATEGORY_COLOURS),
    "car": _taxonomy("car", {_BACKGROUND: (0, 0, 0), _CAR: (0, 0, 142)}, 0),
}


def class_id(task: str, colour: LabelColour) -> int:
    """Returns the id that a label colour has in the masks of a task.

    Example:
        >>> from tfds_builders.cityscapes_image_pairs.palette import PALETTE
        >>> truck = next(entry for entry in PALETTE if entry.name == "truck")
        >>> [class_id(task, truck) for task in ("classes19", "categories7", "car")]
        [14, 2, 0]
    """
    if colour.category is None:
        return VOID_ID
    name = {
        "classes19": colour.name,
        "categories7": colour.category,
        "car": _CAR if colour.name == _CAR else _BACKGROUND,
    }[task]
    return TAXONOMIES[task].names.index(name)


@functools.cache
def id_table(task: str) -> npt.NDArray[np.uint8]:
    """Returns the task's id by palette index, [256]; what is no index is void."""
    table = np.full(256, VOID_ID, np.uint8)
    table[: len(PALETTE)] = [class_id(task, colour) for colour in PALETTE]
    return table
