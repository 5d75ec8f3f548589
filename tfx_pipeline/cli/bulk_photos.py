"""The photos below a folder in the order of their names, one after the other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tfx_pipeline.cli.predict_inputs import is_picture
from tfx_pipeline.config.usage_error import UsageError


def photo_names(folder: Path) -> Iterator[str]:
    """Yields the paths of photos below a folder, as `find_photos` orders them.

    Hidden files and folders are left out, and masks that an earlier call wrote. No
    more than the names of the folders on the way are in memory.
    """
    return _below(folder, "")


def check_images(folder: str) -> Path:
    """Returns the folder of photos.

    Raises:
        UsageError: It is no folder, or holds no photo.
    """
    path = Path(folder)
    if not path.is_dir():
        raise UsageError(f"--images must be an existing folder, got {folder!r}")
    if next(photo_names(path), None) is None:
        raise UsageError(
            f"--images must be a folder with photos in it or below, got {folder!r}"
            " without any; JPEG, PNG, BMP and GIF are read"
        )
    return path


def shown_name(name: str) -> str:
    """Returns a name as text that can always be written."""
    return os.fsencode(name).decode("utf-8", "replace")


def _below(folder: Path, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        found = sorted(
            (entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries
        )
    for name, is_folder in found:
        if is_folder and not name.startswith("."):
            yield from _below(folder / name, f"{prefix}{name}/")
        elif not is_folder and is_picture(folder / name):
            yield prefix + name
