"""An array file into its picture and its part values."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tfds_builders.car_parts_carseg.taxonomy import PART_NAMES

_CHANNELS = 4
# Whole and real numbers; text, dates, objects and records are none of this data.
_NUMERIC_KINDS = "uif"
_CLASS_OF_VALUE = np.full(256, 255, np.uint8)
_CLASS_OF_VALUE[list(PART_NAMES)] = np.arange(len(PART_NAMES))


@dataclass(frozen=True, kw_only=True)
class CarsegArray:
    """A photo and the parts on it.

    Attributes:
        image_rgb: [height, width, 3] uint8.
        part_values: [height, width] uint8, values of `PART_NAMES`.
    """

    image_rgb: npt.NDArray[np.uint8]
    part_values: npt.NDArray[np.uint8]


def decode_array(data: bytes, name: str) -> CarsegArray:
    """Reads the content of one `.npy` file; never runs what a pickle would.

    Args:
        data: The file.
        name: Its path, for messages.

    Raises:
        ValueError: It holds no array of photo and part values; the reason names it.
    """
    array = _load(data, name)
    return CarsegArray(
        image_rgb=_to_image(array[..., :3], name),
        part_values=_to_part_values(array[..., 3], name),
    )


def to_class_ids(part_values: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Returns the class ids of part values.

    Example:
        >>> to_class_ids(np.array([[0, 10, 90]], np.uint8)).tolist()
        [[0, 1, 9]]
    """
    return _CLASS_OF_VALUE[part_values]


def _load(data: bytes, name: str) -> npt.NDArray[Any]:
    shape, dtype, header_bytes = _read_header(data, name)
    if len(shape) != 3 or shape[2] != _CHANNELS or 0 in shape:
        raise ValueError(
            f"an array must have the shape [height, width, {_CHANNELS}], got"
            f" {list(shape)} in {name!r}; export photo and part values again"
        )
    if dtype.kind not in _NUMERIC_KINDS:
        raise ValueError(
            f"an array must hold numbers, got {dtype} in {name!r}; save it with"
            " astype(np.uint8)"
        )
    # NumPy would reserve whatever size the header claims before it reads.
    if math.prod(shape) * dtype.itemsize > len(data) - header_bytes:
        raise ValueError(
            f"an array must be whole, got {len(data)} bytes for {dtype} {list(shape)}"
            f" in {name!r}; copy the file again"
        )
    array: npt.NDArray[Any] = np.load(io.BytesIO(data), allow_pickle=False)
    return array


def _read_header(data: bytes, name: str) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """Returns shape and type of the array, and the size of the header itself."""
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        if version == (1, 0):
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        else:
            shape, _, dtype = np.lib.format.read_array_header_2_0(file)
    except Exception as err:  # NumPy raises whatever foreign bytes provoke
        raise ValueError(
            f"{name!r} must be a NumPy array file (.npy), got {len(data)} bytes that"
            f" start with {data[:6]!r}; save it with np.save"
        ) from err
    return shape, dtype, file.tell()


def _to_image(channels: npt.NDArray[Any], name: str) -> npt.NDArray[np.uint8]:
    if channels.dtype == np.uint8:
        return np.ascontiguousarray(channels)
    low, high = float(channels.min()), float(channels.max())
    if not (low >= 0 and high <= 255):  # also where one is no number
        raise ValueError(
            f"channels 0-2 must be red, green and blue of 0..255, got {low:g}..{high:g}"
            f" in {name!r}; scale them before saving"
        )
    if channels.dtype.kind == "f" and 0 < high <= 1:
        raise ValueError(
            f"channels 0-2 must be red, green and blue of 0..255, got {low:g}..{high:g}"
            f" in {name!r}, which looks like 0..1; multiply them by 255"
        )
    return np.ascontiguousarray(np.rint(channels).astype(np.uint8))


def _to_part_values(channel: npt.NDArray[Any], name: str) -> npt.NDArray[np.uint8]:
    values, counts = np.unique(channel, return_counts=True)
    unknown = [
        f"{value:g} ({count} pixels)"
        for value, count in zip(values, counts, strict=True)
        if value not in PART_NAMES
    ]
    if unknown:
        known = ", ".join(f"{value} {part}" for value, part in PART_NAMES.items())
        raise ValueError(
            f"part values must be {known}; got {', '.join(unknown[:5])}"
            f"{' and more' if len(unknown) > 5 else ''} in {name!r}; export its fourth"
            " channel again, without interpolation"
        )
    return np.ascontiguousarray(channel.astype(np.uint8))
