"""Which photos `carseg predict` is asked for, and what each is called in its output."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tfx_pipeline.config.usage_error import UsageError

MASK_SUFFIX = ".mask.png"
OVERLAY_SUFFIX = ".overlay.png"
# Kinds that the served model refuses are taken too: they are named, not passed over.
_READ = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".gif"})
_REFUSED = frozenset({".webp", ".tif", ".tiff", ".heic", ".heif", ".avif"})


@dataclass(frozen=True, kw_only=True)
class PhotoFile:
    """A photo to predict.

    Attributes:
        path: The file.
        name: Its path below what all arguments share, extension included, so that no
            two photos of a call have the same.
    """

    path: Path
    name: Path

    @property
    def shown(self) -> str:
        """The name as text that can always be printed."""
        return os.fsencode(self.name).decode("utf-8", "replace")


def find_photos(arguments: Sequence[str]) -> list[PhotoFile]:
    """Returns the photos of all arguments, each once, sorted within an argument.

    A file is taken whatever its name. Folders, with all below them, and patterns give
    the files that are called like pictures; hidden ones and what `carseg predict`
    itself wrote are left out.

    Raises:
        UsageError: An argument stands for no photo.
    """
    bases, files = [], {}
    for argument in arguments:
        base, found = _find(argument)
        if not found:
            raise UsageError(
                f"there must be photos at each place that is named, got none at"
                f" {argument!r}; name a file, a folder that holds some, or a quoted"
                " pattern such as 'photos/**/*.jpg'"
            )
        bases.append(base)
        files.update(dict.fromkeys(found))
    root = os.path.commonpath(bases)
    return [PhotoFile(path=path, name=path.relative_to(root)) for path in files]


def _find(argument: str) -> tuple[Path, list[Path]]:
    """Returns the folder that names start from, and absolute paths."""
    path = Path(os.path.abspath(argument))
    if path.is_file():
        return path.parent, [path]
    if path.is_dir():
        return path, sorted(_pictures_below(path))
    if not glob.has_magic(argument):
        return path, []
    found = sorted(
        Path(os.path.abspath(name)) for name in glob.glob(argument, recursive=True)
    )
    return _fixed_part(path), [entry for entry in found if is_picture(entry)]


def _pictures_below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from filter(is_picture, (Path(parent, name) for name in names))


def is_picture(path: Path) -> bool:
    """Returns whether a file is a photo by its name, and not an output of ours."""
    is_output = path.name.endswith((MASK_SUFFIX, OVERLAY_SUFFIX))
    is_plain = not path.name.startswith(".") and not is_output
    is_known = path.suffix.lower() in _READ | _REFUSED
    return is_plain and is_known and path.is_file()


def _fixed_part(pattern: Path) -> Path:
    """Returns the folder ahead of the first part with a wildcard."""
    fixed = pattern
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    return fixed
