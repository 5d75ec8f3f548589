"""The builder of small damage sets annotated with VIA."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import ClassVar

import tensorflow_datasets as tfds

from tfds_builders.car_damage_small.same_bytes import first_copies
from tfds_builders.car_damage_small.taxonomy import TASKS_BY_CONFIG, taxonomy_of
from tfds_builders.car_damage_small.via_file import read_entries
from tfds_builders.car_damage_small.via_layout import find_folders
from tfds_builders.car_damage_small.via_listing import ViaSource, list_photos
from tfds_builders.car_damage_small.via_reading import read_photo
from tfds_builders.folder_files import list_files
from tfds_builders.listing import Listing
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.source_files import printable_path, read_json_source
from tfds_builders.taxonomy import Taxonomy

_DESCRIPTIONS = {
    "damage": "Photos of train and val with their damage.",
    "damage_and_parts": "The same with five parts, from *_multiclass.json.",
}


class Builder(RecordBuilder):
    """Builds `train` and `val` with their VIA files; see README.md."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {"1.0.0": "First release."}
    BUILDER_CONFIGS: ClassVar[list[tfds.core.BuilderConfig]] = [
        tfds.core.BuilderConfig(name=name, description=_DESCRIPTIONS[name])
        for name in TASKS_BY_CONFIG
    ]

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        """Returns the classes of the configuration's tasks."""
        return {task: taxonomy_of(task) for task in self._tasks}

    def list_sources(self) -> Listing[ViaSource]:
        """Returns the photos per split with their regions, by their paths."""
        folder = self.folder
        train, val = find_folders(list_files(folder), self._tasks, folder.name)
        entries = {
            path: read_entries(read_json_source(folder, path), printable_path(path))
            for owner in (train, val)
            for path in owner.annotations.values()
        }
        return list_photos(train, val, entries, functools.partial(first_copies, folder))

    def record_reader(self) -> RecordReader:
        """Returns the function that reads one photo."""
        return functools.partial(
            read_photo, folder=self.folder, keep_metadata=self.keep_metadata
        )

    @property
    def _tasks(self) -> tuple[str, ...]:
        return TASKS_BY_CONFIG[self.builder_config.name]
