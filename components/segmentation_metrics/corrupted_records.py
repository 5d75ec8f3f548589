"""Adds spoiled copies of the photos to TFMA's batches, beside the photos themselves.

It stands before the prediction. Copies are made for few photos at a time, and each
batch of copies is predicted before the next is made: however large TFMA's batches are,
there are never more spoiled pictures than the model takes at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam
import cv2
import numpy as np
import tensorflow as tf
from tensorflow_model_analysis.extractors.extractor import Extractor
from tensorflow_model_analysis.utils import util

from components.dataset_auditor.example_reader import first_bytes, read_example
from components.segmentation_metrics.corruption import (
    CORRUPTION_FEATURE,
    Corruption,
)
from components.segmentation_metrics.corruptions import (
    RgbImage,
    corrupt,
)
from components.segmentation_metrics.record_pictures import record_name, upright_photo

STAGE_NAME = "AddCorruptedRecords"
_FAST_PNG = [cv2.IMWRITE_PNG_COMPRESSION, 1]


def corruptions_extractor(
    corruptions: Sequence[Corruption], batch_size: int
) -> Extractor:
    """Returns the step that adds copies to batches of extracts.

    Args:
        corruptions: One copy of every photo is made for each.
        batch_size: Copies made at once; bounds the memory.
    """
    return Extractor(
        stage_name=STAGE_NAME,
        ptransform=beam.ParDo(AddCorruptedRecords(tuple(corruptions), batch_size)),
    )


class AddCorruptedRecords(beam.DoFn):
    """Yields every batch as it is, then batches of its spoiled copies.

    A copy is a record of its own: an upright PNG, orientation 1, and the feature
    `corruption`. All other features are those of the photo.
    """

    def __init__(self, corruptions: tuple[Corruption, ...], batch_size: int) -> None:
        if batch_size < 1:
            raise ValueError(
                f"batch_size must be at least 1, got {batch_size}; 1 to 8 suits photos"
            )
        self._corruptions = corruptions
        self._batch_size = batch_size

    def process(self, extracts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yields the batch, then its copies in batches of at most `batch_size`."""
        yield dict(extracts)
        rows = util.split_extracts(extracts)
        for start in range(0, len(rows), self._batch_size):
            yield from self._copies(rows[start : start + self._batch_size])

    def _copies(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        records = [bytes(np.ravel(row["input"])[0]) for row in rows]
        photos = [_photo_and_seed(record) for record in records]
        plain = [_without_pictures(row) for row in rows]
        for corruption in self._corruptions:
            copies = [
                _copy_record(record, corruption, *photo)
                for record, photo in zip(records, photos, strict=True)
            ]
            batch = util.merge_extracts(plain)
            batch["input"] = np.array(copies, object)
            label = corruption.label.encode()
            batch["features"][CORRUPTION_FEATURE] = np.array(
                [label] * len(rows), object
            )
            yield batch


def _photo_and_seed(record: bytes) -> tuple[RgbImage, int]:
    features = read_example(record)
    if CORRUPTION_FEATURE in features:
        raise ValueError(
            f"{record_name(features)} has a feature {CORRUPTION_FEATURE!r} of its own,"
            " which spoiled copies need; rename it, or evaluate without corruptions"
        )
    # Without an id the record itself tells photos apart.
    digest = hashlib.sha256(first_bytes(features, "example_id") or record).digest()
    return upright_photo(features), int.from_bytes(digest[:8], "big")


def _without_pictures(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a copy has in common with its photo; the old picture is not in it."""
    features = {
        name: value
        for name, value in row["features"].items()
        if name not in ("image", "orientation")
    }
    kept = {name: value for name, value in row.items() if name != "input"}
    return {**kept, "features": features}


def _copy_record(
    record: bytes, corruption: Corruption, image_rgb: RgbImage, seed: int
) -> bytes:
    spoiled = corrupt(image_rgb, corruption.kind, corruption.strength, seed)
    _, png = cv2.imencode(".png", spoiled[..., ::-1], _FAST_PNG)
    example = tf.train.Example.FromString(record)
    feature = example.features.feature
    feature["image"].bytes_list.value[:] = [png.tobytes()]
    feature["orientation"].int64_list.value[:] = [1]
    feature[CORRUPTION_FEATURE].bytes_list.value[:] = [corruption.label.encode()]
    return example.SerializeToString()
