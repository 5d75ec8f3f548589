"""The builder passes what TFDS asks of every builder."""

from __future__ import annotations

from pathlib import Path

from tests.tfds_builders import builder_case
from tests.tfds_builders.car_damage_small.drawn_via import draw_via_2
from tfds_builders.car_damage_small.car_damage_small_dataset_builder import Builder


class CarDamageSmallTest(builder_case.DrawnBuilderTestCase):
    """Both configurations read the set that has damage and parts."""

    DATASET_CLASS = Builder
    SPLITS = {"train": 6, "eval": 1, "test": 2}  # noqa: RUF012 - TFDS's own form

    @classmethod
    def draw(cls, folder: Path) -> None:
        """Draws seven photos of train and two of val."""
        draw_via_2(folder)
