"""The record of a photo that lies in a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from tfds_builders.photo_bytes import Photo
from tfds_builders.record import Domain, DrawnOn, Record
from tfds_builders.skipped_sources import SkippedSource


class PlacedSource(Protocol):
    """A source that has its id, its group and its split."""

    @property
    def example_id(self) -> str:
        """Unique in the dataset."""

    @property
    def group_id(self) -> str:
        """Car, case or scene."""

    @property
    def split(self) -> str:
        """One of `train`, `eval`, `test`."""


def photo_record(
    placed: PlacedSource,
    photo: Photo,
    *,
    masks: Mapping[str, bytes],
    source: str,
    view: str = "",
    domain: Domain = "photo",
    instances: tuple[Mapping[str, Any], ...] = (),
    slices: Mapping[str, str] | None = None,
    drawn_on: DrawnOn = "upright",
    left_out: tuple[SkippedSource, ...] = (),
) -> Record:
    """Returns the record of a loaded photo; the rest is as in `Record`."""
    return Record(
        example_id=placed.example_id,
        group_id=placed.group_id,
        split=placed.split,
        image=photo.data,
        orientation=photo.orientation,
        height_px=photo.height_px,
        width_px=photo.width_px,
        masks=masks,
        source=source,
        view=view,
        domain=domain,
        instances=instances,
        slices=slices or {},
        drawn_on=drawn_on,
        left_out=left_out,
    )
