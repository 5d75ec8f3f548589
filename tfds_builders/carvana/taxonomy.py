"""The one task of Carvana: the car before its background."""

from __future__ import annotations

from tfds_builders.taxonomy import SegmentationClass, Taxonomy

DATASET = "carvana"
TASK = "car"
LICENCE = "rules of Kaggle's competition carvana-image-masking-challenge"

TAXONOMY = Taxonomy(
    dataset=DATASET,
    task=TASK,
    licence=LICENCE,
    commercial="unknown",
    classes=(
        SegmentationClass(id=0, name="background", rgb=(0, 0, 0)),
        SegmentationClass(id=1, name="car", rgb=(255, 140, 0)),
    ),
)
