"""The builder passes what TFDS asks of every builder."""

from __future__ import annotations

from pathlib import Path

from tests.tfds_builders import builder_case
from tests.tfds_builders.car_parts_carseg.drawn_carseg import draw_carseg
from tfds_builders.car_parts_carseg.car_parts_carseg_dataset_builder import Builder


class CarPartsCarsegTest(builder_case.DrawnBuilderTestCase):
    """Nine photos, three of them of the owner's test set, and nine renders."""

    DATASET_CLASS = Builder
    BUILDER_CONFIG_NAMES_TO_TEST = ("all",)
    SPLITS = {"train": 12, "eval": 3, "test": 3}  # noqa: RUF012 - TFDS's own form

    @classmethod
    def draw(cls, folder: Path) -> None:
        """Draws the owner's layout."""
        draw_carseg(folder)


class CarPartsCarsegPhotoTest(builder_case.DrawnBuilderTestCase):
    """Photos alone, mended."""

    DATASET_CLASS = Builder
    BUILDER_CONFIG_NAMES_TO_TEST = ("photo",)
    SPLITS = {"train": 5, "eval": 1, "test": 3}  # noqa: RUF012 - TFDS's own form
    OPTIONS = {"repair_masks": True}  # noqa: RUF012 - as above

    @classmethod
    def draw(cls, folder: Path) -> None:
        """Draws the owner's layout."""
        draw_carseg(folder)
