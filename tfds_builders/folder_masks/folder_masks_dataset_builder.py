"""The builder of a user's own folder of photos and masks."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfds_builders.folder_masks.folder_layout import find_settings, list_photo_folders
from tfds_builders.folder_masks.folder_settings import (
    FolderSettings,
    read_folder_settings,
)
from tfds_builders.folder_masks.pair_reading import read_pair
from tfds_builders.folder_masks.photo_listing import PhotoSource, list_photos
from tfds_builders.listing import Listing
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.taxonomy import Taxonomy


class Builder(RecordBuilder):
    """Builds a folder of `images/`, `masks/` and `taxonomy.yaml`; see README.md.

    Args:
        manual_dir: That folder.
        group_regex: Finds a photo's group in its path; replaces the file's own.
        quotas: Share of each split; replaces the file's own.
        **kwargs: Those of every `RecordBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {"1.0.0": "First release."}

    def __init__(
        self,
        *,
        group_regex: str | None = None,
        quotas: Mapping[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        self.group_regex = group_regex
        self.quotas = quotas
        super().__init__(**kwargs)
        self._original_state |= {
            "group_regex": group_regex,
            "quotas": dict(quotas) if quotas is not None else None,
        }

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        """Returns the one taxonomy of `taxonomy.yaml`."""
        taxonomy = self._settings.taxonomy
        return {taxonomy.task: taxonomy}

    def list_sources(self) -> Listing[PhotoSource]:
        """Returns the pairs of photo and mask per split, by their ids."""
        settings = self._settings
        return list_photos(
            list_photo_folders(self.folder),
            group_regex=self.group_regex or settings.group_regex,
            view_regex=settings.view_regex,
            quotas=self.quotas if self.quotas is not None else settings.quotas,
        )

    def record_reader(self) -> RecordReader:
        """Returns the function that reads one pair."""
        return functools.partial(
            read_pair,
            folder=self.folder,
            settings=self._settings,
            keep_metadata=self.keep_metadata,
        )

    @functools.cached_property
    def _settings(self) -> FolderSettings:
        return read_folder_settings(find_settings(self.folder))
