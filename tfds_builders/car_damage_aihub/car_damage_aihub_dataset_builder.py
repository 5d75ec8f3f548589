"""The builder of AI Hub 581: damaged cars, kinds of damage and parts."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfds_builders.car_damage_aihub.configurations import (
    CONFIGURATIONS,
    Configuration,
)
from tfds_builders.car_damage_aihub.dataset_folder import list_dataset_files
from tfds_builders.car_damage_aihub.photo_listing import PhotoSource, list_photos
from tfds_builders.car_damage_aihub.photo_reading import SLICE_FEATURES, read_photo
from tfds_builders.car_damage_aihub.taxonomy import TAXONOMIES
from tfds_builders.listing import Listing
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.taxonomy import Taxonomy


class Builder(RecordBuilder):
    """Builds AI Hub's tree of photos and labels; see README.md.

    Args:
        manual_dir: The folder `160.차량파손 이미지 데이터`, the one that holds it, or
            `01.데이터` in it.
        **kwargs: Those of every `RecordBuilder`.
    """

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {
        "1.1.0": "Joins labels of photos that were saved anew.",
        "1.0.0": "First release.",
    }
    BUILDER_CONFIGS: ClassVar[list[Any]] = [
        tfds.core.BuilderConfig(name=name, description=entry.description)
        for name, entry in CONFIGURATIONS.items()
    ]
    SLICE_FEATURES: ClassVar[tuple[str, ...]] = SLICE_FEATURES

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        """Returns the taxonomies of the configuration's tasks."""
        return {task: TAXONOMIES[task] for task in self._configuration.tasks}

    def list_sources(self) -> Listing[PhotoSource]:
        """Returns the labelled photos per split, by their ids."""
        return list_photos(list_dataset_files(self.folder), self._configuration)

    def record_reader(self) -> RecordReader:
        """Returns the function that reads one photo and its labels."""
        return functools.partial(
            read_photo,
            folder=self.folder,
            tasks=self._configuration.tasks,
            keep_metadata=self.keep_metadata,
        )

    @property
    def _configuration(self) -> Configuration:
        return CONFIGURATIONS[self.builder_config.name]
