"""The builder of COCO instance files."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfds_builders.coco_cars.coco_dataset import (
    CUSTOM,
    DSMLR,
    CocoDataset,
    read_dataset,
)
from tfds_builders.coco_cars.coco_options import CocoOptions
from tfds_builders.coco_cars.photo_listing import CocoSource
from tfds_builders.coco_cars.photo_reading import read_photo
from tfds_builders.listing import Listing
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.taxonomy import Taxonomy

DSMLR_CONFIG = "dsmlr_parts"


class Builder(RecordBuilder):
    """Builds photos and COCO annotations; see README.md.

    Args:
        manual_dir: Folder that holds the annotation files and the photos.
        annotations: Annotation file below it, or one for each of train, test and
            perhaps eval.
        images: Folder or folders below it in which photos are looked for.
        task: Name of the task.
        group_regex: Finds a photo's group in its path.
        quotas: Share of each split where one file holds all photos.
        licence: Of the data; replaces what the file says.
        commercial: Whether that allows commercial use: yes, no or unknown.
        **kwargs: Those of every `RecordBuilder`.
    """

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {
        "1.1.0": "Drops polygons of under three corners beside valid ones.",
        "1.0.0": "First release.",
    }
    BUILDER_CONFIGS: ClassVar[list[tfds.core.BuilderConfig]] = [
        tfds.core.BuilderConfig(
            name="custom", description="Any COCO instance file with its photos."
        ),
        tfds.core.BuilderConfig(
            name=DSMLR_CONFIG,
            description="18 car parts: trainingset and testset of dsmlr.",
        ),
    ]

    def __init__(
        self,
        *,
        annotations: str | Mapping[str, str] | None = None,
        images: str | Sequence[str] | None = None,
        task: str | None = None,
        group_regex: str | None = None,
        quotas: Mapping[str, float] | None = None,
        licence: str | None = None,
        commercial: str | bool | None = None,
        **kwargs: Any,
    ) -> None:
        self.options = CocoOptions(
            annotations=annotations,
            images=images,
            task=task,
            group_regex=group_regex,
            quotas=quotas,
            licence=licence,
            commercial=commercial,
        )
        super().__init__(**kwargs)
        self._original_state |= self.options.to_dict()

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        """Returns the one taxonomy that the categories give."""
        taxonomy = self._dataset.taxonomy
        return {taxonomy.task: taxonomy}

    def list_sources(self) -> Listing[CocoSource]:
        """Returns the photos per split with their annotations, by their paths."""
        return self._dataset.listing

    def record_reader(self) -> RecordReader:
        """Returns the function that reads one photo."""
        dataset = self._dataset
        return functools.partial(
            read_photo,
            folder=self.folder,
            dataset=dataset.taxonomy.dataset,
            task=dataset.taxonomy.task,
            ids_by_category=dataset.ids_by_category,
            keep_metadata=self.keep_metadata,
        )

    @functools.cached_property
    def _dataset(self) -> CocoDataset:
        known = DSMLR if self.builder_config.name == DSMLR_CONFIG else CUSTOM
        return read_dataset(self.folder, self.options, known)
