"""One picture of photo and label colours into the record."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from tfds_builders.cityscapes_image_pairs.label_decoding import decode_labels
from tfds_builders.cityscapes_image_pairs.pair_listing import PairSource
from tfds_builders.cityscapes_image_pairs.taxonomy import DATASET, TAXONOMIES, id_table
from tfds_builders.photo_bytes import Photo, load_photo
from tfds_builders.png_encoding import encode_mask_png, encode_rgb_png
from tfds_builders.record import Record
from tfds_builders.source_files import read_source

_UPRIGHT = 1


def read_pair(
    source: PairSource, *, folder: Path, max_colour_distance: float
) -> Record:
    """Reads one picture: its left half is the photo, its right half the labels.

    Args:
        source: The picture, by its path below the folder.
        folder: The user's folder.
        max_colour_distance: See `decode_labels`.

    Raises:
        ValueError: It cannot be read; the reason in one line.
    """
    photo_rgb, label_rgb = cut_in_two(load_photo(read_source(folder, source.path)))
    indices = decode_labels(label_rgb, max_colour_distance=max_colour_distance)
    height_px, width_px = indices.shape
    return Record(
        example_id=source.example_id,
        group_id=source.group_id,
        split=source.split,
        image=encode_rgb_png(photo_rgb),
        orientation=_UPRIGHT,
        height_px=height_px,
        width_px=width_px,
        masks={task: encode_mask_png(id_table(task)[indices]) for task in TAXONOMIES},
        source=DATASET,
    )


def cut_in_two(picture: Photo) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Returns the pixels of photo and labels, [height, width / 2, 3] each.

    Raises:
        ValueError: The picture is not twice as wide as high, or not stored upright.
    """
    if picture.orientation != _UPRIGHT or picture.width_px != 2 * picture.height_px:
        raise ValueError(
            "a picture must be photo and labels side by side, twice as wide as high and"
            f" stored upright, got {picture.width_px} x {picture.height_px} with EXIF"
            f" orientation {picture.orientation}; fetch the owner's file again"
        )
    with Image.open(io.BytesIO(picture.data)) as image:
        rgb = np.asarray(image.convert("RGB"))
    photo_rgb, label_rgb = np.split(rgb, 2, axis=1)
    return np.ascontiguousarray(photo_rgb), np.ascontiguousarray(label_rgb)
