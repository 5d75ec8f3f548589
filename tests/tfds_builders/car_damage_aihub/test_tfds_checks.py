"""The builder passes what TFDS asks of every builder, in each configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tfds_builders import builder_case
from tests.tfds_builders.car_damage_aihub.drawn_tree import draw_tree, stems
from tfds_builders.car_damage_aihub.car_damage_aihub_dataset_builder import Builder


@pytest.mark.integration
class CarDamageAihubTest(builder_case.DrawnBuilderTestCase):
    """Eight cases of one photo, each with both labels."""

    DATASET_CLASS = Builder
    SPLITS = {"train": 6, "eval": 1, "test": 1}  # noqa: RUF012 - TFDS's own form

    @classmethod
    def draw(cls, folder: Path) -> None:
        """Draws eight photos of both kinds."""
        draw_tree(folder, stems(8))
