"""An array, as a file, into the record."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from tfds_builders.car_parts_carseg.array_decoding import decode_array, to_class_ids
from tfds_builders.car_parts_carseg.array_listing import ArraySource
from tfds_builders.car_parts_carseg.array_splits import PHOTOS
from tfds_builders.car_parts_carseg.mask_repair import repair_part_values
from tfds_builders.car_parts_carseg.taxonomy import TASK
from tfds_builders.photo_bytes import load_photo
from tfds_builders.png_encoding import encode_mask_png, encode_rgb_png
from tfds_builders.record import Record
from tfds_builders.source_files import printable_path, read_source
from tfds_builders.upright import apply_orientation


def read_array(source: ArraySource, *, folder: Path) -> Record:
    """Reads one array; its mask is mended where the source names an overlay.

    The picture becomes a lossless PNG: no published file holds just its pixels.

    Args:
        source: The array, by its path below the folder.
        folder: The user's folder.

    Raises:
        ValueError: The array or its overlay cannot be read; the reason in one line.
    """
    array = decode_array(read_source(folder, source.path), str(source))
    part_values = array.part_values
    if source.overlay is not None:
        overlay_rgb = _read_overlay(folder, source.overlay)
        part_values = repair_part_values(part_values, overlay_rgb)
    height_px, width_px = part_values.shape
    return Record(
        example_id=source.example_id,
        group_id=source.example_id,
        split=source.split,
        image=encode_rgb_png(array.image_rgb),
        orientation=1,
        height_px=height_px,
        width_px=width_px,
        masks={TASK: encode_mask_png(to_class_ids(part_values))},
        source=source.collection,
        domain="photo" if source.collection == PHOTOS else "cad",
    )


def _read_overlay(folder: Path, path: str) -> npt.NDArray[np.uint8]:
    """Returns the upright pixels of an overlay [height, width, 3]."""
    data = read_source(folder, path)
    try:
        overlay = load_photo(data)
    except ValueError as err:
        raise ValueError(f"overlay {printable_path(path)!r}: {err}") from err
    pixels = np.asarray(Image.open(io.BytesIO(overlay.data)).convert("RGB"))
    return np.ascontiguousarray(apply_orientation(pixels, overlay.orientation))
