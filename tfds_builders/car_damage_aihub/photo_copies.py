"""Whether the photos of both labels of a stem are copies of one photo."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from tfds_builders.car_damage_aihub.pairing import LabelledPhoto
from tfds_builders.car_damage_aihub.photo_listing import PhotoSource
from tfds_builders.photo_bytes import Photo, load_photo
from tfds_builders.skipped_sources import SkippedSource
from tfds_builders.source_files import printable_path, read_source, unreadable
from tfds_builders.upright import apply_orientation

_THUMBNAIL_PX = 16
# A JPEG may be decoded at an eighth of its size, which takes a part of the time, but
# no smaller than this: a cell stays the mean of many pixels.
_DRAFT_PX = 8 * _THUMBNAIL_PX
# Saved anew at quality 10 to 95, no cell of 152 photos moved by more than 5 levels; of
# two different photos the cell that differs most did so by 53 or more.
_MAX_CELL_DIFFERENCE = 8.0


def labels_of_other_photos(
    source: PhotoSource, photo_file: bytes, photo: Photo, folder: Path
) -> tuple[SkippedSource, ...]:
    """Names the second label of a stem where its photo is not the first label's.

    Copies of one size in bytes count as one photo, and are not opened.

    Args:
        source: Its pairs are one or two.
        photo_file: The file of the first pair's photo.
        photo: The same, loaded.
        folder: The user's folder.

    Raises:
        ValueError: The second photo is not there.
    """
    return tuple(
        entry
        for pair in source.pairs[1:]
        if _file_size(folder, pair.photo) != len(photo_file)
        and (entry := _why_other(source, pair, photo, folder)) is not None
    )


def _why_other(
    source: PhotoSource, pair: LabelledPhoto, photo: Photo, folder: Path
) -> SkippedSource | None:
    try:
        copy = load_photo(read_source(folder, pair.photo))
    except ValueError as err:
        return SkippedSource(
            source=printable_path(pair.photo), split=source.split, reason=str(err)
        )
    if is_same_picture(photo, copy):
        return None
    size, other = (f"{one.width_px} x {one.height_px}" for one in (photo, copy))
    sizes = f"{size} both" if size == other else f"{other} against {size}"
    return SkippedSource(
        source=printable_path(pair.label),
        split=source.split,
        reason=(
            f"label left out: its photo must be the one in {source}, got another"
            f" picture ({sizes}); give both labels one photo"
        ),
        is_known=True,
    )


def is_same_picture(first: Photo, second: Photo) -> bool:
    """Says whether two photos differ by how they were saved only.

    Their upright sizes are equal, and so are their grey thumbnails, but for what JPEG
    loses.
    """
    if (first.height_px, first.width_px) != (second.height_px, second.width_px):
        return False
    difference = np.abs(_thumbnail(first) - _thumbnail(second)).max()
    return bool(difference <= _MAX_CELL_DIFFERENCE)


def _thumbnail(photo: Photo) -> npt.NDArray[np.float32]:
    """Returns the upright grey levels [16, 16]."""
    image = Image.open(io.BytesIO(photo.data))
    image.draft("L", (_DRAFT_PX, _DRAFT_PX))
    size = (_THUMBNAIL_PX, _THUMBNAIL_PX)
    grey = image.convert("L").resize(size, Image.Resampling.BOX)
    return apply_orientation(np.asarray(grey, np.float32), photo.orientation)


def _file_size(folder: Path, path: str) -> int:
    try:
        return (folder / path).stat().st_size
    except OSError as err:
        raise unreadable(path, err) from err
