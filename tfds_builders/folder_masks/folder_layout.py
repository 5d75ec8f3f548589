"""Finds photos and masks in a user's folder: one set, or one per split folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tfds_builders.folder_files import list_files, shown_folder
from tfds_builders.folder_masks.folder_settings import SETTINGS_FILE
from tfds_builders.group_split import SPLITS

PHOTOS_FOLDER = "images"
MASKS_FOLDER = "masks"
SPLIT_FOLDERS = {
    "train": ("train",),
    "eval": ("eval", "val", "valid", "validation"),
    "test": ("test",),
}


@dataclass(frozen=True, kw_only=True)
class PhotoFolder:
    """One `images` and one `masks` folder and the files below them.

    Attributes:
        prefix: Path of both from the user's folder: `train/`, or empty.
        split: The split that the folder gives; None where quotas decide.
        photos: Paths relative to `images`.
        masks: Paths relative to `masks`.
    """

    prefix: str
    split: str | None
    photos: tuple[str, ...]
    masks: tuple[str, ...]


def find_settings(folder: Path) -> Path:
    """Returns the path of `taxonomy.yaml`, or says in one line what is missing."""
    entries = _entries(folder)
    if SETTINGS_FILE not in entries:
        raise FileNotFoundError(
            f"a folder of masks must hold {SETTINGS_FILE}, got"
            f" {shown_folder(entries)} in {folder}; add it"
            " (tfds_builders/folder_masks/README.md shows one)"
        )
    return folder / SETTINGS_FILE


def list_photo_folders(folder: Path) -> list[PhotoFolder]:
    """Lists the files of `images` and `masks`, or of those in every split folder."""
    entries = _entries(folder)
    given = {
        split: [name for name in names if name in entries]
        for split, names in SPLIT_FOLDERS.items()
    }
    if PHOTOS_FOLDER in entries or not any(given.values()):
        found = [name for names in given.values() for name in names]
        if found:
            raise ValueError(
                f"give {PHOTOS_FOLDER} or split folders, not both: got"
                f" {PHOTOS_FOLDER} and {', '.join(found)} in {folder}; move one away"
            )
        return [_photo_folder(folder, None, "")]
    for split, names in given.items():
        if len(names) != 1:
            raise ValueError(
                f"split folders must be {', '.join(SPLITS)}, one each, got"
                f" {', '.join(names) or 'none'} for {split} in {folder}; name one"
                f" {' or '.join(SPLIT_FOLDERS[split])}, or give only {PHOTOS_FOLDER}"
                " and the split is drawn"
            )
    return [_photo_folder(folder, split, f"{given[split][0]}/") for split in SPLITS]


def _photo_folder(folder: Path, split: str | None, prefix: str) -> PhotoFolder:
    where = folder / prefix
    entries = _entries(where)
    for name in (PHOTOS_FOLDER, MASKS_FOLDER):
        if not (where / name).is_dir():
            raise FileNotFoundError(
                f"folders {PHOTOS_FOLDER} and {MASKS_FOLDER} are needed, got"
                f" {shown_folder(entries)} in {where}; add {name}"
            )
    return PhotoFolder(
        prefix=prefix,
        split=split,
        photos=tuple(list_files(where / PHOTOS_FOLDER)),
        masks=tuple(list_files(where / MASKS_FOLDER)),
    )


def _entries(folder: Path) -> list[str]:
    """Returns the sorted names in a folder that must be there."""
    if not folder.exists():
        above = folder.parent
        found = (
            shown_folder(_names(above))
            if above.is_dir()
            else "nothing, it is missing too"
        )
        raise FileNotFoundError(
            f"folder of photos and masks not found: {folder}; the folder above it"
            f" holds {found}; give an existing one"
        )
    if not folder.is_dir():
        raise NotADirectoryError(
            f"photos and masks must be in a folder, got the file {folder}; give the"
            " folder that holds it"
        )
    return _names(folder)


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in os.scandir(folder))
