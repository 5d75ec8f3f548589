"""The builder passes what TFDS asks of every builder."""

from __future__ import annotations

from pathlib import Path

from tests.tfds_builders import builder_case
from tests.tfds_builders.folder_masks.drawn_folder import draw_folder
from tfds_builders.folder_masks.folder_masks_dataset_builder import Builder


class FolderMasksTest(builder_case.DrawnBuilderTestCase):
    """Eight photos without given splits."""

    DATASET_CLASS = Builder
    SPLITS = {"train": 6, "eval": 1, "test": 1}  # noqa: RUF012 - TFDS's own form

    @classmethod
    def draw(cls, folder: Path) -> None:
        """Draws eight photos with masks."""
        draw_folder(folder, [f"photo{index}" for index in range(8)])
