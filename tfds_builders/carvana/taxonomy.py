"""The one task of Carvana: the car before its background."""

from __future__ import annotations

from tfds_builders.taxonomy import Taxonomy, number_classes

DATASET = "carvana"
TASK = "car"
LICENCE = "rules of Kaggle's competition carvana-image-masking-challenge"

TAXONOMY = Taxonomy(
    dataset=DATASET,
    task=TASK,
    licence=LICENCE,
    commercial="unknown",
    classes=number_classes((("background", (0, 0, 0)), ("car", (255, 140, 0)))),
)
