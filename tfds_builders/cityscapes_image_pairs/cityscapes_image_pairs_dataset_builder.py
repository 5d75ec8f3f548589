"""The builder of the Cityscapes image pairs."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfds_builders.cityscapes_image_pairs.label_decoding import (
    DEFAULT_MAX_COLOUR_DISTANCE,
)
from tfds_builders.cityscapes_image_pairs.pair_folders import find_pair_folders
from tfds_builders.cityscapes_image_pairs.pair_listing import (
    DEFAULT_BLOCK_LENGTH,
    DEFAULT_EVAL_SHARE,
    PairSource,
    list_pairs,
)
from tfds_builders.cityscapes_image_pairs.pair_reading import read_pair
from tfds_builders.cityscapes_image_pairs.taxonomy import TAXONOMIES
from tfds_builders.listing import Listing
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.taxonomy import Taxonomy


class Builder(RecordBuilder):
    """Builds `cityscapes_data/{train,val}/N.jpg`; see README.md.

    Args:
        manual_dir: `cityscapes_data`, or the folder that holds it.
        max_colour_distance: RGB distance to every label colour above which a pixel is
            void; lower trusts fewer pixels at the edges.
        block_length: Consecutive numbers that never part into eval and test.
        eval_share: Share of the owner's val that becomes eval, the rest is test.
        **kwargs: Those of every `RecordBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {"1.0.0": "First release."}

    def __init__(
        self,
        *,
        max_colour_distance: float = DEFAULT_MAX_COLOUR_DISTANCE,
        block_length: int = DEFAULT_BLOCK_LENGTH,
        eval_share: float = DEFAULT_EVAL_SHARE,
        **kwargs: Any,
    ) -> None:
        _check_options(max_colour_distance, block_length, eval_share)
        self.max_colour_distance = max_colour_distance
        self.block_length = block_length
        self.eval_share = eval_share
        super().__init__(**kwargs)
        self._original_state |= {
            "max_colour_distance": max_colour_distance,
            "block_length": block_length,
            "eval_share": eval_share,
        }

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        """Returns the owner's 19 classes, their 7 categories, and car alone."""
        return TAXONOMIES

    def list_sources(self) -> Listing[PairSource]:
        """Returns the pictures per split by their numbers."""
        return list_pairs(
            find_pair_folders(self.folder),
            block_length=self.block_length,
            eval_share=self.eval_share,
        )

    def record_reader(self) -> RecordReader:
        """Returns the function that reads one picture."""
        return functools.partial(
            read_pair,
            folder=self.folder,
            max_colour_distance=self.max_colour_distance,
        )


def _check_options(
    max_colour_distance: Any, block_length: Any, eval_share: Any
) -> None:
    """Refuses values that cannot be meant, before any file is read."""
    if not _is_number(max_colour_distance) or not 0 < max_colour_distance <= 442:
        raise ValueError(
            "max_colour_distance must be above 0 and at most 442, the longest distance"
            f" in RGB, got {max_colour_distance!r}; the default is"
            f" {DEFAULT_MAX_COLOUR_DISTANCE:g}"
        )
    if type(block_length) is not int or block_length < 1:
        raise ValueError(
            "block_length must be a whole number of at least 1, got"
            f" {block_length!r}; the default is {DEFAULT_BLOCK_LENGTH}"
        )
    if not _is_number(eval_share) or not 0 < eval_share < 1:
        raise ValueError(
            f"eval_share must be between 0 and 1, got {eval_share!r}; the default is"
            f" {DEFAULT_EVAL_SHARE:g}"
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
