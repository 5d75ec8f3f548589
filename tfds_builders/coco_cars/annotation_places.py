"""Where the annotations of one photo stand in their file, and reading them there."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tfds_builders.coco_cars.coco_document import Id, ListedAnnotation, id_of
from tfds_builders.source_files import printable_path, unreadable


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnotationPlaces:
    """The entries of one image.

    What every worker must read anyway, the user's folder, keeps the outlines: a listing
    that held them would grow by kilobytes a photo, and so would every shard's job.

    Attributes:
        path: Annotation file below the user's folder.
        image_id: What each entry names.
        starts: First byte of each entry, in the file's order.
        sizes: Its bytes.
    """

    path: str
    image_id: Id
    starts: array[int]
    sizes: array[int]


@dataclass(frozen=True, kw_only=True)
class CocoAnnotation:
    """An entry of `annotations`, its outline not looked at yet."""

    id: Id
    category_id: Id
    segmentation: Any
    is_crowd: bool = False


def places_of(
    path: str, image_id: Id, entries: Sequence[ListedAnnotation]
) -> AnnotationPlaces:
    """Returns the places of an image's entries in the file at a path."""
    return AnnotationPlaces(
        path=path,
        image_id=image_id,
        starts=array("Q", (entry.start for entry in entries)),
        sizes=array("Q", (entry.size for entry in entries)),
    )


def read_annotations(folder: Path, places: AnnotationPlaces) -> list[CocoAnnotation]:
    """Reads the annotations of one image.

    Raises:
        ValueError: The file cannot be read, or is no longer the one that was listed.
    """
    try:
        entries = [_entry(text, places) for text in _texts(folder, places)]
    except OSError as err:
        raise unreadable(places.path, err) from err
    return [
        CocoAnnotation(
            id=id_of(entry.get("id")),
            category_id=id_of(entry.get("category_id")),
            segmentation=entry.get("segmentation"),
            is_crowd=bool(entry.get("iscrowd", False)),
        )
        for entry in entries
    ]


def _texts(folder: Path, places: AnnotationPlaces) -> Iterator[bytes]:
    if not places.starts:
        return
    with open(folder / places.path, "rb") as file:
        for start, size in zip(places.starts, places.sizes, strict=True):
            file.seek(start)
            yield file.read(size)


def _entry(text: bytes, places: AnnotationPlaces) -> Mapping[str, Any]:
    try:
        entry = json.loads(text.decode("utf-8"))
    except ValueError:
        entry = None
    if not isinstance(entry, dict) or id_of(entry.get("image_id")) != places.image_id:
        raise ValueError(
            f"{printable_path(places.path)} must stay as it is while it is read, but"
            f" the annotations of image {places.image_id} are gone; build again"
        )
    return entry
