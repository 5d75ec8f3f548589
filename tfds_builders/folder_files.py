"""The files below a user's folder, by name only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tfds_builders.source_files import printable_path

SHOWN_NAMES = 8
# What Windows and macOS leave beside photos.
_SYSTEM_FILES = ("thumbs.db", "desktop.ini", "ehthumbs.db")
_SYSTEM_FOLDERS = ("__MACOSX",)


def is_system_file(name: str) -> bool:
    """Says whether a file is hidden or the system's own, so that nobody misses it.

    Example:
        >>> is_system_file("Thumbs.db"), is_system_file("._1.jpg"), is_system_file("1")
        (True, True, False)
    """
    return name.startswith(".") or name.lower() in _SYSTEM_FILES


def list_names(folder: Path) -> list[str]:
    """Returns the sorted names in a folder; hidden ones and __MACOSX are left out.

    Raises:
        OSError: It cannot be listed.
    """
    return sorted(
        name
        for name in os.listdir(folder)
        if not name.startswith(".") and name not in _SYSTEM_FOLDERS
    )


def what_is_at(path: Path) -> str:
    """Returns what a message says is there in place of a folder."""
    return "a file" if path.exists() else "nothing of that name"


def list_files(folder: Path) -> list[str]:
    """Returns the sorted paths of all files below a folder, links followed.

    Hidden files and folders are left out.

    Raises:
        ValueError: There is no such folder, or a link leads in a circle.
    """
    if not folder.is_dir():
        raise ValueError(
            f"manual_dir must be an existing folder, got {what_is_at(folder)} for"
            f" {folder.name!r}; give the folder that holds the annotations and the"
            " photos"
        )
    return sorted(_walk(folder, "", (os.path.realpath(folder),)))


def _walk(folder: Path, prefix: str, parents: Sequence[str]) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if entry.name.startswith(".") or entry.name in _SYSTEM_FOLDERS:
                continue
            if not entry.is_dir():
                yield path
                continue
            real = os.path.realpath(entry.path)
            if real in parents:
                raise ValueError(
                    f"links must not lead in a circle, got {printable_path(path)!r};"
                    " remove that link"
                )
            yield from _walk(Path(entry.path), f"{path}/", (*parents, real))


def shown_names(names: Sequence[str], most: int = SHOWN_NAMES) -> str:
    """Returns the first names for a message, and how many more there are.

    Example:
        >>> shown_names([f"{index}.json" for index in range(10)])[-19:]
        '7.json (and 2 more)'
    """
    shown = ", ".join(printable_path(name) for name in names[:most])
    more = len(names) - most
    return (shown or "none") + (f" (and {more} more)" if more > 0 else "")


def shown_folder(names: Sequence[str]) -> str:
    """Returns what a folder holds for a message; hidden names do not count.

    Example:
        >>> shown_folder([".git"]), shown_folder([str(index) for index in range(10)])
        ('an empty folder', '0, 1, 2, 3, 4, 5, 6, 7 and 2 more')
    """
    visible = [printable_path(name) for name in names if not name.startswith(".")]
    more = len(visible) - SHOWN_NAMES
    text = ", ".join(visible[:SHOWN_NAMES]) or "an empty folder"
    return f"{text} and {more} more" if more > 0 else text


def shown_entries(paths: Sequence[str]) -> str:
    """Returns what stands directly in the folder that the paths are relative to.

    Example:
        >>> shown_entries(["a/1.jpg", "a/2.jpg", "b.json"])
        'a/, b.json'
    """
    tops = {path.partition("/")[0] + "/" * ("/" in path) for path in paths}
    return shown_names(sorted(tops)) if tops else "an empty folder"
