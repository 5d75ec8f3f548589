"""The ten part values of the arrays, and the classes that they become."""

from __future__ import annotations

from tfds_builders.taxonomy import Rgb, Taxonomy, number_classes

DATASET = "car_parts_carseg"
TASK = "parts"
LICENCE = "not published; internal data, used under terms agreed with its owner"

# Value in the fourth channel, name, colour; the order is that of the class ids.
_PARTS: tuple[tuple[int, str, Rgb], ...] = (
    (0, "background", (0, 0, 0)),
    (10, "hood", (255, 128, 0)),
    (20, "front_door", (0, 255, 0)),
    (30, "rear_door", (255, 255, 0)),
    (40, "frame", (0, 255, 255)),
    (50, "rear_quarter_panel", (128, 0, 255)),
    (60, "trunk_lid", (0, 255, 128)),
    (70, "fender", (0, 128, 255)),
    (80, "bumper", (255, 0, 128)),
    (90, "rest_of_car", (255, 255, 255)),
)

PART_NAMES: dict[int, str] = {value: name for value, name, _ in _PARTS}
BACKGROUND_VALUE = 0
REST_OF_CAR_VALUE = 90

# No name has a side, so a mirror leaves every class as it is.
TAXONOMY = Taxonomy(
    dataset=DATASET,
    task=TASK,
    classes=number_classes((name, rgb) for _, name, rgb in _PARTS),
    licence=LICENCE,
    commercial="unknown",
)
