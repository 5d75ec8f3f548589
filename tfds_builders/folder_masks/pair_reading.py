"""A photo and its mask, as files, into the record."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tfds_builders.folder_masks.folder_settings import FolderSettings
from tfds_builders.folder_masks.mask_decoding import (
    decode_mask,
    holds_class_ids,
    mask_size_px,
)
from tfds_builders.folder_masks.pairing import printable_path
from tfds_builders.folder_masks.photo_listing import PhotoSource
from tfds_builders.image_metadata import strip_metadata
from tfds_builders.photo_bytes import Photo, load_photo
from tfds_builders.png_encoding import encode_mask_png
from tfds_builders.record import Record
from tfds_builders.upright import TRANSPOSED, apply_orientation

_UPRIGHT = 1


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
    photo_file = _read(folder, source.photo)
    photo = load_photo(photo_file, keep_metadata=keep_metadata)
    mask_file = _read(folder, source.mask)
    orientation = mask_orientation(mask_size_px(mask_file), photo)
    mask_ids = decode_mask(mask_file, settings.mask_code, source.example_id)
    if orientation == _UPRIGHT and holds_class_ids(mask_file, settings.mask_code):
        mask_png = strip_metadata(mask_file)
    else:
        upright_ids = np.ascontiguousarray(apply_orientation(mask_ids, orientation))
        mask_png = encode_mask_png(upright_ids)
    return Record(
        example_id=source.example_id,
        group_id=source.group_id,
        split=source.split,
        image=photo.data,
        orientation=photo.orientation,
        height_px=photo.height_px,
        width_px=photo.width_px,
        masks={settings.taxonomy.task: mask_png},
        source=settings.taxonomy.dataset,
        view=source.view,
        domain=settings.domain,
    )


def mask_orientation(mask_size_px: tuple[int, int], photo: Photo) -> int:
    """Returns the orientation that turns a mask upright, decided by its size.

    A mask of the upright photo's size is upright; one of the stored photo's size was
    drawn on the stored pixels. Where both sizes are equal it is taken as upright.

    Args:
        mask_size_px: Height and width of the mask as stored; its EXIF is no matter.
        photo: The photo that it belongs to.

    Example:
        >>> lying = Photo(data=b"", orientation=6, height_px=40, width_px=30)
        >>> mask_orientation((40, 30), lying), mask_orientation((30, 40), lying)
        (1, 6)
    """
    height_px, width_px = mask_size_px
    if (height_px, width_px) == (photo.height_px, photo.width_px):
        return _UPRIGHT
    swapped = (width_px, height_px) == (photo.height_px, photo.width_px)
    if swapped and photo.orientation in TRANSPOSED:
        return photo.orientation
    raise ValueError(
        f"mask must have the photo's size {photo.width_px} x {photo.height_px}, got"
        f" {width_px} x {height_px}; export the mask at the photo's size"
    )


def _read(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except OSError as err:
        # The system's own text would carry this machine's path into skipped.json.
        raise ValueError(
            f"cannot read {printable_path(path)!r}: {err.strerror}; check the file"
        ) from err
