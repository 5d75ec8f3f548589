"""The builder passes what TFDS asks of every builder."""

from __future__ import annotations

from pathlib import Path

from tests.tfds_builders import builder_case
from tests.tfds_builders.carvana.drawn_carvana import draw_carvana
from tfds_builders.carvana.carvana_dataset_builder import Builder


class CarvanaTest(builder_case.DrawnBuilderTestCase):
    """Six cars in three views each."""

    DATASET_CLASS = Builder
    SPLITS = {"train": 12, "eval": 3, "test": 3}  # noqa: RUF012 - TFDS's own form

    @classmethod
    def draw(cls, folder: Path) -> None:
        """Draws the competition's folder."""
        draw_carvana(folder)
