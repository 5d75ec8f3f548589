"""The builder passes what TFDS asks of every builder."""

from __future__ import annotations

from pathlib import Path

from tests.tfds_builders import builder_case
from tests.tfds_builders.coco_cars.drawn_coco import draw_dsmlr
from tfds_builders.coco_cars.coco_cars_dataset_builder import Builder


class CocoCarsTest(builder_case.DrawnBuilderTestCase):
    """Both configurations read dsmlr's layout."""

    DATASET_CLASS = Builder
    SPLITS = {"train": 5, "eval": 1, "test": 2}  # noqa: RUF012 - TFDS's own form

    @classmethod
    def draw(cls, folder: Path) -> None:
        """Draws six photos of the training set and two of the test set."""
        draw_dsmlr(folder)
