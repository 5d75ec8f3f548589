"""The builder of the carseg arrays: photos and renders with ten part values."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfds_builders.car_parts_carseg.array_listing import (
    COLLECTIONS,
    OVERLAYS_FOLDER,
    RENDERS,
    ArraySource,
    list_arrays,
)
from tfds_builders.car_parts_carseg.array_reading import read_array
from tfds_builders.car_parts_carseg.array_splits import PHOTOS
from tfds_builders.car_parts_carseg.carseg_layout import (
    CarsegFolder,
    find_carseg_folder,
)
from tfds_builders.car_parts_carseg.landscapes import list_landscapes
from tfds_builders.car_parts_carseg.taxonomy import TASK, TAXONOMY
from tfds_builders.listing import Listing
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.taxonomy import Taxonomy

ALL = "all"
_COLLECTIONS_OF_CONFIG: dict[str, tuple[str, ...]] = {
    ALL: COLLECTIONS,
    **{name: (name,) for name in COLLECTIONS},
}


class Builder(RecordBuilder):
    """Builds the folder of `arrays/` and `images/`; see README.md.

    Args:
        manual_dir: That folder.
        repair_masks: Rebuild the parts of photos from their coloured overlays.
        **kwargs: Those of every `RecordBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {"1.0.0": "First release."}
    BUILDER_CONFIGS: ClassVar[list[tfds.core.BuilderConfig]] = [
        tfds.core.BuilderConfig(name=ALL, description="Photos and both renders."),
        tfds.core.BuilderConfig(name=RENDERS[0], description="A black five-door car."),
        tfds.core.BuilderConfig(
            name=RENDERS[1], description="An orange three-door car."
        ),
        tfds.core.BuilderConfig(name=PHOTOS, description="Photos alone."),
    ]

    def __init__(self, *, repair_masks: bool = False, **kwargs: Any) -> None:
        if not isinstance(repair_masks, bool):
            raise ValueError(
                "car_parts_carseg: repair_masks must be true or false, got"
                f" {repair_masks!r}"
            )
        self.repair_masks = repair_masks
        super().__init__(**kwargs)
        if repair_masks and PHOTOS not in self._collections:
            raise ValueError(
                "car_parts_carseg: repair_masks mends photos, got it for"
                f" {self.builder_config.name}, which has none; leave it off, or take"
                f" the configuration {ALL} or {PHOTOS}"
            )
        self._original_state |= {"repair_masks": repair_masks}

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        """Returns the ten classes of the task `parts`."""
        return {TASK: TAXONOMY}

    def list_sources(self) -> Listing[ArraySource]:
        """Returns the configuration's arrays per split, by their ids."""
        found = find_carseg_folder(self.folder)
        prefix = f"{found.arrays}/" if found.arrays else ""
        return list_arrays(
            [prefix + name for name in found.array_names()],
            collections=self._collections,
            overlays=self._overlays(found) if self.repair_masks else None,
        )

    def side_lists(self) -> Mapping[str, Sequence[str]]:
        """Returns the empty landscapes that a car of a render can be pasted into."""
        return {"landscapes": list_landscapes(self.folder)}

    def record_reader(self) -> RecordReader:
        """Returns the function that reads one array."""
        return functools.partial(read_array, folder=self.folder)

    @property
    def _collections(self) -> tuple[str, ...]:
        return _COLLECTIONS_OF_CONFIG[self.builder_config.name]

    def _overlays(self, found: CarsegFolder) -> list[str]:
        paths = found.image_paths(OVERLAYS_FOLDER)
        if not paths:
            raise ValueError(
                f"repair_masks needs images/{OVERLAYS_FOLDER} with files like 0001.jpg"
                " beside arrays, got none below manual_dir; give the folder that holds"
                " both, or leave repair_masks off"
            )
        return paths
