"""The pictures of a folder, counted by their colours one after the other."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from tfds_builders.mask_palette import (
    ColorCounts,
    count_colors,
    merge_colors,
    no_colors,
)
from tfds_builders.source_files import printable_path
from tfx_pipeline.config.usage_error import UsageError

PICTURE_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


@dataclass(frozen=True, kw_only=True)
class Palette:
    """What was counted, and which pictures could not be."""

    counts: ColorCounts
    pictures: int
    skipped: tuple[dict[str, str], ...]


def find_pictures(folder: Path) -> list[Path]:
    """Returns the pictures below a folder, hidden ones left out, in a stable order.

    Raises:
        UsageError: There is none.
    """
    found = sorted(_pictures_below(folder))
    if not found:
        raise UsageError(
            f"DIR must hold pictures ({', '.join(PICTURE_SUFFIXES)}), got none below"
            f" {str(folder)!r}; name the folder of coloured masks or overlays"
        )
    return found


def count_pictures(
    folder: Path, paths: Iterable[Path], *, min_saturation: int, min_value: int
) -> Palette:
    """Counts pictures one after the other; one that cannot be read is named.

    Args:
        folder: Where their names start from.
        paths: Files below it.
        min_saturation: Pixels below count as grey.
        min_value: Pixels below count as black.

    Raises:
        ValueError: None can be read.
    """
    counts, pictures, skipped = no_colors(), 0, list[dict[str, str]]()
    for path in paths:
        name = printable_path(path.relative_to(folder).as_posix())
        try:
            image_rgb = _read_rgb(path)
        except ValueError as err:
            reason = str(err)
            print(f"carseg: cannot read {name!r}: {reason}", file=sys.stderr)
            skipped.append({"source": name, "reason": reason})
            continue
        one = count_colors(
            image_rgb, min_saturation=min_saturation, min_value=min_value
        )
        counts, pictures = merge_colors(counts, one), pictures + 1
    if not pictures:
        raise ValueError(
            f"at least one picture must be readable, got {len(skipped)} that are not;"
            " check the files named above"
        )
    return Palette(counts=counts, pictures=pictures, skipped=tuple(skipped))


def _pictures_below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            is_picture = name.lower().endswith(PICTURE_SUFFIXES)
            if is_picture and not name.startswith("."):
                yield Path(parent, name)


def _read_rgb(path: Path) -> npt.NDArray[np.uint8]:
    """Returns the pixels of a picture's first frame [height, width, 3] uint8.

    Raises:
        ValueError: There is none; the reason without the path.
    """
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))
    except UnidentifiedImageError as err:  # its text is the path
        raise ValueError("its content is no picture; export it again") from err
    except Exception as err:  # Pillow's readers raise whatever foreign bytes provoke
        reason = getattr(err, "strerror", None) or " ".join(str(err).split())
        raise ValueError(f"{reason}; fetch the file again") from err
