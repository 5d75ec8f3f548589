"""A GIF mask of palette indices 0 and 1 as class ids, upright."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL.GifImagePlugin import GifImageFile

from tfds_builders.annotation_orientation import annotation_orientation
from tfds_builders.photo_bytes import Photo
from tfds_builders.upright import apply_orientation

_CAR_INDEX = 1
_SIGNATURES = (b"GIF87a", b"GIF89a")
_TRAILER = b";"


def read_gif_mask(data: bytes, photo: Photo) -> npt.NDArray[np.uint8]:
    """Returns the class ids [height, width] of a mask: 0 background, 1 car.

    Args:
        data: The GIF file. Its palette's colours do not matter, the indices do.
        photo: The photo that it belongs to.

    Raises:
        ValueError: It cannot be decoded, has another size than the photo, more than
            one frame, or other indices than 0 and 1.
    """
    if not data:
        raise ValueError("mask is an empty file (0 bytes); unpack the masks again")
    with _whole_gif(data):
        image = GifImageFile(io.BytesIO(data))
        frames = image.n_frames
    orientation = annotation_orientation((image.height, image.width), photo)
    _check_frames(frames)
    with _whole_gif(data):
        # Where the palette is a ramp of greys, Pillow gives levels, which are indices.
        indices = np.asarray(image)
    _check_indices(indices)
    return np.ascontiguousarray(apply_orientation(indices, orientation))


@contextmanager
def _whole_gif(data: bytes) -> Iterator[None]:
    """Tells the owner of a file what is wrong with it.

    Pillow raises whatever foreign bytes provoke, in words for programmers.
    """
    try:
        yield
    except Exception as err:
        raise ValueError(
            f"mask must be a whole GIF, but it is {_fault(data)} ({len(data)} bytes);"
            " unpack the masks again"
        ) from err


def _fault(data: bytes) -> str:
    if not data.startswith(_SIGNATURES):
        return "no GIF"
    return "damaged" if data.endswith(_TRAILER) else "cut off"


def _check_frames(frames: int) -> None:
    if frames != 1:
        raise ValueError(
            f"mask must be one picture, got {frames} frames; unpack the masks again"
        )


def _check_indices(indices: npt.NDArray[Any]) -> None:
    if indices.max() > _CAR_INDEX:
        other = indices[indices > _CAR_INDEX]
        found = ", ".join(str(value) for value in np.unique(other)[:4])
        raise ValueError(
            f"mask indices must be 0 (background) or 1 (car), got {found} in"
            f" {other.size} pixels; unpack the masks again, do not save them anew"
        )
