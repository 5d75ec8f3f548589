"""A photo and its mask, as files, into the record."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tfds_builders.annotation_orientation import (
    UPRIGHT,
    annotation_orientation,
    told_drawn_on,
)
from tfds_builders.folder_masks.folder_settings import FolderSettings
from tfds_builders.folder_masks.mask_decoding import (
    decode_mask,
    holds_class_ids,
    mask_size_px,
)
from tfds_builders.folder_masks.photo_listing import PhotoSource
from tfds_builders.image_metadata import strip_metadata
from tfds_builders.photo_bytes import load_photo
from tfds_builders.photo_record import photo_record
from tfds_builders.png_encoding import encode_mask_png
from tfds_builders.record import Record
from tfds_builders.source_files import read_source
from tfds_builders.upright import apply_orientation


def read_pair(
    source: PhotoSource,
    *,
    folder: Path,
    settings: FolderSettings,
    keep_metadata: bool = False,
) -> Record:
    """Reads one photo and its mask.

    Args:
        source: The pair, by paths relative to the folder.
        folder: The user's folder.
        settings: Classes, mask code and domain.
        keep_metadata: Keep EXIF and the like in the stored photo.

    Raises:
        ValueError: The pair cannot be read; the reason in one line.
    """
    photo_file = read_source(folder, source.photo)
    photo = load_photo(photo_file, keep_metadata=keep_metadata)
    mask_file = read_source(folder, source.mask)
    size_px = mask_size_px(mask_file)
    orientation = annotation_orientation(size_px, photo)
    mask_ids = decode_mask(mask_file, settings.mask_code, source.example_id)
    if orientation == UPRIGHT and holds_class_ids(mask_file, settings.mask_code):
        mask_png = strip_metadata(mask_file)
    else:
        upright_ids = np.ascontiguousarray(apply_orientation(mask_ids, orientation))
        mask_png = encode_mask_png(upright_ids)
    return photo_record(
        source,
        photo,
        masks={settings.taxonomy.task: mask_png},
        source=settings.taxonomy.dataset,
        view=source.view,
        domain=settings.domain,
        drawn_on=told_drawn_on(size_px, photo),
    )
