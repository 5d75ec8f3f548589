"""Classes of the small damage sets: damage, and the five parts of one of them."""

from __future__ import annotations

from tfds_builders.taxonomy import Rgb, Taxonomy, number_classes

DATASET = "car_damage_small"
LICENCE = (
    "of the two public sets: GPL-3.0 (max-gmann/MB_Mobility_DamageDetection), MIT"
    " (nicolasmetallo/car-damage-detector); where their photos come from is not stated"
)

_CLASSES: dict[str, tuple[tuple[str, Rgb], ...]] = {
    "damage": (("background", (0, 0, 0)), ("damage", (255, 40, 40))),
    "parts": (
        ("background", (0, 0, 0)),
        ("headlamp", (255, 255, 170)),
        ("rear_bumper", (140, 0, 90)),
        ("door", (0, 150, 0)),
        ("hood", (255, 128, 0)),
        ("front_bumper", (255, 0, 128)),
    ),
}
DAMAGE_ID = 1
PART_IDS: dict[str, int] = {
    name: class_id for class_id, (name, _) in enumerate(_CLASSES["parts"]) if class_id
}
# Tasks of each named configuration of the builder, damage always first.
TASKS_BY_CONFIG: dict[str, tuple[str, ...]] = {
    "damage": ("damage",),
    "damage_and_parts": ("damage", "parts"),
}


def taxonomy_of(task: str) -> Taxonomy:
    """Returns the classes of `damage` or `parts`."""
    return Taxonomy(
        dataset=DATASET,
        task=task,
        licence=LICENCE,
        commercial="unknown",
        classes=number_classes(_CLASSES[task]),
    )
