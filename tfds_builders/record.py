"""The one record that every builder yields, and its TFDS features."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from tfds_builders.group_split import SPLITS
from tfds_builders.skipped_sources import SkippedSource

Domain = Literal["photo", "cad", "synthetic"]
DOMAINS: tuple[Domain, ...] = ("photo", "cad", "synthetic")
DrawnOn = Literal["upright", "stored", "undecided"]
DRAWN_ON: tuple[DrawnOn, ...] = ("upright", "stored", "undecided")


@dataclass(frozen=True, kw_only=True)
class Record:
    """One photo with a mask per task.

    Attributes:
        example_id: Unique in the dataset and stable between runs.
        group_id: Car, case or scene; a group is never in two splits.
        split: `train`, `eval` or `test`.
        image: Compressed photo as stored, metadata removed.
        orientation: EXIF orientation 1..8 of the stored photo.
        height_px: Height of the upright photo and of its masks.
        width_px: Width of the upright photo and of its masks.
        masks: Task name to an 8-bit PNG of class ids, upright, 255 void.
        source: Collection that it came from; results are sliced by it.
        view: Side from which the car is seen; empty when not known.
        domain: `photo`, `cad` or `synthetic`.
        instances: Objects of the picture as JSON-ready dicts.
        slices: Further features to slice results by, empty text where not known; the
            builder names them in `SLICE_FEATURES`.
        drawn_on: Whether its annotations were drawn on the `upright` photo, on its
            `stored` pixels, or `undecided`, where nothing tells and upright is taken;
            counted, never stored.
        left_out: What lies beside the photo and was left out of its record, such as
            a second label; named in `skipped.json`, never stored.
    """

    example_id: str
    group_id: str
    split: str
    image: bytes
    orientation: int
    height_px: int
    width_px: int
    masks: Mapping[str, bytes]
    source: str
    view: str = ""
    domain: Domain = "photo"
    instances: tuple[Mapping[str, Any], ...] = ()
    slices: Mapping[str, str] = field(default_factory=dict)
    drawn_on: DrawnOn = "upright"
    left_out: tuple[SkippedSource, ...] = ()

    def __post_init__(self) -> None:
        if self.split not in SPLITS:
            raise ValueError(
                f"split must be one of {', '.join(SPLITS)}, got {self.split!r}"
                f" in {self.example_id!r}"
            )
        if not 1 <= self.orientation <= 8:
            raise ValueError(
                f"orientation must be 1..8, got {self.orientation}"
                f" in {self.example_id!r}"
            )
        if self.domain not in DOMAINS:
            raise ValueError(
                f"domain must be one of {', '.join(DOMAINS)}, got {self.domain!r}"
            )

    def to_example(self) -> dict[str, Any]:
        """Returns the dict that `record_features` encodes."""
        return {
            "example_id": self.example_id,
            "group_id": self.group_id,
            "split": self.split,
            "image": self.image,
            "orientation": self.orientation,
            "height": self.height_px,
            "width": self.width_px,
            "mask": dict(self.masks),
            "source": self.source,
            "view": self.view,
            "domain": self.domain,
            "instances": json.dumps(
                self.instances, sort_keys=True, separators=(",", ":")
            ),
            **self.slices,
        }


def record_features(tasks: Iterable[str], slices: Iterable[str] = ()) -> Any:
    """Returns the `tfds.features.FeaturesDict` of the record with tasks and slices.

    The nested `mask` dict is stored flat as `mask/<task>`.
    """
    # Imported here: the type above is also read by light code.
    import tensorflow_datasets as tfds

    text = tfds.features.Text
    mask = tfds.features.Image(shape=(None, None, 1), encoding_format="png")
    return tfds.features.FeaturesDict(
        {
            "example_id": text(),
            "group_id": text(),
            "split": text(),
            "image": tfds.features.Image(shape=(None, None, 3)),
            "orientation": tfds.features.Scalar(np.int64),
            "height": tfds.features.Scalar(np.int64),
            "width": tfds.features.Scalar(np.int64),
            "mask": tfds.features.FeaturesDict({task: mask for task in tasks}),
            "source": text(),
            "view": text(),
            "domain": text(),
            "instances": text(),
            **{name: text() for name in slices},
        }
    )
