"""A photo and its mask, as GIF or as run lengths, into the record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from tfds_builders.carvana.gif_mask import read_gif_mask
from tfds_builders.carvana.mask_table import read_runs
from tfds_builders.carvana.photo_listing import PhotoSource
from tfds_builders.carvana.row_runs import decode_runs
from tfds_builders.carvana.taxonomy import DATASET, TASK
from tfds_builders.photo_bytes import Photo, load_photo
from tfds_builders.photo_record import photo_record
from tfds_builders.png_encoding import encode_mask_png
from tfds_builders.record import Record
from tfds_builders.source_files import read_source


def read_photo(
    source: PhotoSource, *, folder: Path, keep_metadata: bool = False
) -> Record:
    """Reads one photo and its mask.

    Args:
        source: The photo, by paths below the folder.
        folder: The user's folder.
        keep_metadata: Keep EXIF and the like in the stored photo.

    Raises:
        ValueError: Photo or mask cannot be read; the reason in one line.
    """
    photo_file = read_source(folder, source.photo)
    photo = load_photo(photo_file, keep_metadata=keep_metadata)
    mask_ids = read_mask(source, photo, folder)
    return photo_record(
        source,
        photo,
        masks={TASK: encode_mask_png(mask_ids)},
        source=DATASET,
        view=source.view,
        slices=source.facts,
    )


def read_mask(source: PhotoSource, photo: Photo, folder: Path) -> npt.NDArray[np.uint8]:
    """Returns the class ids [height, width] of a source, at the photo's size.

    Run lengths do not say for which size they were made, so it is the upright photo's.
    """
    if isinstance(source.mask, str):
        return read_gif_mask(read_source(folder, source.mask), photo)
    runs = read_runs(folder, source.mask, f"{source.example_id}.jpg")
    return decode_runs(runs, height_px=photo.height_px, width_px=photo.width_px)
