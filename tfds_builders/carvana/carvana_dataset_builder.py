"""The builder of Kaggle's Carvana Image Masking Challenge."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfds_builders.carvana.car_table import FACTS, read_cars
from tfds_builders.carvana.carvana_files import CarvanaFiles, find_files
from tfds_builders.carvana.mask_table import TableRows, find_rows
from tfds_builders.carvana.photo_listing import (
    PhotoSource,
    list_photos,
    photos_without_gif,
)
from tfds_builders.carvana.photo_reading import read_photo
from tfds_builders.carvana.taxonomy import TASK, TAXONOMY
from tfds_builders.listing import Listing
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.taxonomy import Taxonomy


class Builder(RecordBuilder):
    """Builds the training photos of the competition; see README.md.

    Args:
        manual_dir: Folder into which Kaggle's files were unpacked.
        hq: Take the photos of `train_hq` instead of `train`.
        **kwargs: Those of every `RecordBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {"1.0.0": "First release."}
    SLICE_FEATURES = FACTS

    def __init__(self, *, hq: bool = False, **kwargs: Any) -> None:
        if not isinstance(hq, bool):
            raise ValueError(f"carvana: hq must be true or false, got {hq!r}")
        self.hq = hq
        super().__init__(**kwargs)
        self._original_state |= {"hq": hq}

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        """Returns the one task, `car`."""
        return {TASK: TAXONOMY}

    def list_sources(self) -> Listing[PhotoSource]:
        """Returns the photos per split, by their ids."""
        files = find_files(self.folder, hq=self.hq)
        cars = read_cars(self.folder, files.car_table) if files.car_table else {}
        return list_photos(files, self._rows(files), cars)

    def record_reader(self) -> RecordReader:
        """Returns the function that reads one photo."""
        return functools.partial(
            read_photo, folder=self.folder, keep_metadata=self.keep_metadata
        )

    def _rows(self, files: CarvanaFiles) -> TableRows:
        """Reads the table of masks only where a photo needs it."""
        wanted = photos_without_gif(files)
        if files.mask_table is None or not wanted:
            return TableRows()
        return find_rows(self.folder, files.mask_table, wanted, set(files.photos))
