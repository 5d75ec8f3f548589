"""Where the owner's `train` and `val` are below the folder that the user points at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tfds_builders.folder_files import list_names, shown_folder

FOLDERS = ("train", "val")
DATA_FOLDER = "cityscapes_data"
# The published archive holds the data folder inside the data folder once more.
_PLACES = ("", f"{DATA_FOLDER}/", f"{DATA_FOLDER}/{DATA_FOLDER}/")


@dataclass(frozen=True, kw_only=True)
class PairFolders:
    """The file names of one copy of the set.

    Attributes:
        prefix: Path of `train` and `val` from the user's folder: empty, or ends in /.
        names: Sorted names in each of the two folders.
        second_copy: Path of the copy that is not read; None if there is none.
    """

    prefix: str
    names: dict[str, tuple[str, ...]]
    second_copy: str | None = None


def find_pair_folders(folder: Path) -> PairFolders:
    """Lists the outermost copy of the set: the folder itself or `cityscapes_data`.

    Raises:
        ValueError: There is none; the message says what was found and what to give.
    """
    found = [place for place in _PLACES if _holds_pairs(folder / place)]
    if not found:
        raise ValueError(_what_is_wrong(folder))
    return PairFolders(
        prefix=found[0],
        names={name: tuple(list_names(folder / found[0] / name)) for name in FOLDERS},
        second_copy=found[1].rstrip("/") if len(found) > 1 else None,
    )


def _holds_pairs(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in FOLDERS)


def _what_is_wrong(folder: Path) -> str:
    rule = (
        "cityscapes_image_pairs must be a folder with train/N.jpg and val/N.jpg, or"
        f" with a {DATA_FOLDER} that holds them"
    )
    if not folder.is_dir():
        what = "a file" if folder.exists() else "no folder at all"
        name = shown_folder([folder.name])
        return f"{rule}, got {what} named {name}; give an existing one"
    if folder.name in FOLDERS and _holds_pairs(folder.parent):
        return f"{rule}, got its {folder.name} alone; give the folder above it"
    names = list_names(folder)
    found = shown_folder(names)
    below = [
        name
        for name in names
        if any(_holds_pairs(folder / name / place) for place in _PLACES[:2])
    ]
    if below:
        return f"{rule}, got {found}; give the folder {shown_folder(below)} in it"
    way_out = "unpack the owner's archive and give its folder"
    one = [
        place + name
        for place in _PLACES
        for name in FOLDERS
        if (folder / place / name).is_dir()
    ]
    if one:
        missing = next(name for name in FOLDERS if not one[0].endswith(name))
        way_out = f"there is {one[0]} without {missing} beside it: add {missing}"
    return f"{rule}, got {found}; {way_out}"
