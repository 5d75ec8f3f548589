"""Finds the arrays and the pictures in the folder that a user points at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tfds_builders.folder_files import list_names, shown_folder, what_is_at
from tfds_builders.source_files import printable_path

ARRAYS_FOLDER = "arrays"
IMAGES_FOLDER = "images"
ARRAY_SUFFIX = ".npy"
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, kw_only=True)
class CarsegFolder:
    """Where the parts of the data lie below the user's folder.

    Attributes:
        path: The user's folder.
        arrays: Path of the arrays' folder below it; empty where it is that folder.
        images: Path of the pictures' folder below it, there or not; None where it
            would lie outside of the user's folder.
    """

    path: Path
    arrays: str
    images: str | None

    def array_names(self) -> list[str]:
        """Returns the sorted names in the folder of arrays."""
        return list_names(self.path / self.arrays)

    def image_paths(self, below: str) -> list[str]:
        """Returns sorted paths of the files in a folder of pictures, none if missing.

        Args:
            below: Path of that folder from `images`, such as `photo`.
        """
        if self.images is None:
            return []
        folder = f"{self.images}/{below}"
        if not (self.path / folder).is_dir():
            return []
        return [f"{folder}/{name}" for name in list_names(self.path / folder)]


def find_carseg_folder(folder: Path) -> CarsegFolder:
    """Finds `arrays` in the folder, in its only sub-folder that has one, or as itself.

    Raises:
        ValueError: There is no such folder, or more than one.
    """
    if not folder.is_dir():
        raise ValueError(
            f"manual_dir must be the folder that holds {ARRAYS_FOLDER}, got"
            f" {what_is_at(folder)}: {printable_path(folder.name)!r}; give an existing"
            " folder"
        )
    if (folder / ARRAYS_FOLDER).is_dir():
        return _at(folder, "")
    names = list_names(folder)
    inner = [name for name in names if (folder / name / ARRAYS_FOLDER).is_dir()]
    if len(inner) == 1:
        return _at(folder, f"{inner[0]}/")
    if inner:
        raise ValueError(
            f"one folder must hold {ARRAYS_FOLDER}, got {len(inner)}:"
            f" {shown_folder(inner)}; give one of them as manual_dir"
        )
    if any(name.lower().endswith(ARRAY_SUFFIX) for name in names):
        return CarsegFolder(path=folder, arrays="", images=None)
    raise ValueError(
        f"manual_dir must hold {ARRAYS_FOLDER}/ with files like photo_0001.npy, got"
        f" {shown_folder(names)}; give the folder as its owner hands it out"
    )


def _at(folder: Path, prefix: str) -> CarsegFolder:
    return CarsegFolder(
        path=folder, arrays=prefix + ARRAYS_FOLDER, images=prefix + IMAGES_FOLDER
    )
