"""Which files are photos, and their ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tfds_builders.source_files import printable_path

PHOTO_SUFFIXES = (
    ".jpg",
    ".jpeg",
    ".jpe",
    ".jfif",
    ".png",
    ".webp",
    ".tif",
    ".tiff",
    ".bmp",
    ".gif",
)


def is_photo(path: str) -> bool:
    """Says whether a path ends like a photo's, in any case."""
    return path.lower().endswith(PHOTO_SUFFIXES)


def photo_ids(paths: Iterable[str]) -> dict[str, str]:
    """Maps paths to ids: without suffix, unless two photos differ only in it.

    Example:
        >>> photo_ids(["val/1.jpg", "val/2.jpg", "val/2.jpeg"])
        {'val/1.jpg': 'val/1', 'val/2.jpg': 'val/2.jpg', 'val/2.jpeg': 'val/2.jpeg'}
    """
    stems = {path: printable_path(path.rpartition(".")[0]) for path in paths}
    uses = Counter(stems.values())
    return {
        path: stem if uses[stem] == 1 else printable_path(path)
        for path, stem in stems.items()
    }
