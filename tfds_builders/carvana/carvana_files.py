"""Finds the competition's folders and tables in the user's folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tfds_builders.folder_files import list_names, shown_folder
from tfds_builders.source_files import printable_path

PHOTOS_FOLDER = "train"
HQ_PHOTOS_FOLDER = "train_hq"
MASKS_FOLDER = "train_masks"
MASK_TABLE = "train_masks.csv"
CAR_TABLE = "metadata.csv"
_PICTURE_SUFFIXES = (".jpg", ".gif")


@dataclass(frozen=True, kw_only=True)
class CarvanaFiles:
    """What is there, by paths below the user's folder.

    Attributes:
        photos_folder: Path of `train` or `train_hq`.
        photos: Names in it.
        masks_folder: Path of `train_masks`; None where it is missing.
        masks: Names in it.
        mask_table: Path of `train_masks.csv`; None where it is missing.
        car_table: Path of `metadata.csv`; None where it is missing.
    """

    photos_folder: str
    photos: tuple[str, ...]
    masks_folder: str | None
    masks: tuple[str, ...]
    mask_table: str | None
    car_table: str | None


def find_files(folder: Path, *, hq: bool = False) -> CarvanaFiles:
    """Finds the files in a folder, or in the one sub-folder that holds them.

    Args:
        folder: The folder that the user gave.
        hq: Take the photos of `train_hq`.

    Raises:
        ValueError: There is no such folder, or the photos or both kinds of masks are
            missing; one line with the way out.
    """
    names = _visible_names(folder)
    photos_name = HQ_PHOTOS_FOLDER if hq else PHOTOS_FOLDER
    prefix = _prefix(folder, names, photos_name)
    photos_folder = _own(folder, prefix, photos_name)
    masks_folder = _own(folder, prefix, MASKS_FOLDER)
    mask_table = _own(folder, prefix, MASK_TABLE)
    if photos_folder is None or (masks_folder is None and mask_table is None):
        wanted = photos_name if photos_folder is None else MASKS_FOLDER
        raise _missing(wanted, _visible_names(folder / prefix), prefix)
    return CarvanaFiles(
        photos_folder=photos_folder,
        photos=tuple(_visible_names(folder / photos_folder)),
        masks_folder=masks_folder,
        masks=tuple(_visible_names(folder / masks_folder)) if masks_folder else (),
        mask_table=mask_table,
        car_table=_own(folder, prefix, CAR_TABLE),
    )


def _prefix(folder: Path, names: Sequence[str], photos_name: str) -> str:
    """Returns the path to the folder that holds the photos' one: mostly empty."""
    if photos_name in names:
        return ""
    pictures = [name for name in names if name.endswith(_PICTURE_SUFFIXES)]
    if pictures:
        raise ValueError(
            f"carvana: manual_dir must be the folder that holds {photos_name} and"
            f" {MASKS_FOLDER}, got one of pictures, such as"
            f" {printable_path(pictures[0])!r}; give the folder above it"
        )
    below = [name for name in names if _holds_photos(folder / name)]
    if len(below) > 1:
        raise ValueError(
            f"carvana: one folder must hold {photos_name}, got several that hold"
            f" photos: {shown_folder(below)}; give one of them as manual_dir"
        )
    return f"{below[0]}/" if below else ""


def _holds_photos(folder: Path) -> bool:
    return any((folder / name).is_dir() for name in (PHOTOS_FOLDER, HQ_PHOTOS_FOLDER))


def _own(folder: Path, prefix: str, name: str) -> str | None:
    """Returns the path of an entry, also where unpacking put it into its own folder.

    Some unpackers make `train/train/` of train.zip and a folder
    `train_masks.csv/train_masks.csv` of train_masks.csv.zip.
    """
    path = folder / prefix / name
    if path.is_dir() and _visible_names(path) == [name]:
        return f"{prefix}{name}/{name}"
    is_right = path.is_file() if name.endswith(".csv") else path.is_dir()
    return f"{prefix}{name}" if is_right else None


def _missing(wanted: str, names: Sequence[str], prefix: str) -> ValueError:
    """Returns the error that says what is missing and what to do, in one line."""
    where = f" in {printable_path(prefix)!r}" if prefix else ""
    what = f"{wanted} or {MASK_TABLE}" if wanted == MASKS_FOLDER else f"{wanted}/"
    if f"{wanted}.zip" in names:
        way_out = f"unpack {wanted}.zip there"
    elif wanted == PHOTOS_FOLDER and HQ_PHOTOS_FOLDER in names:
        way_out = f"set data.options.hq=true to read {HQ_PHOTOS_FOLDER}"
    elif wanted == HQ_PHOTOS_FOLDER and PHOTOS_FOLDER in names:
        way_out = f"leave data.options.hq away to read {PHOTOS_FOLDER}"
    else:
        way_out = "give the folder into which Kaggle's files were unpacked"
    return ValueError(
        f"carvana: manual_dir must hold {what}, got {shown_folder(names)}{where};"
        f" {way_out}"
    )


def _visible_names(folder: Path) -> list[str]:
    """Returns the sorted names in a folder but hidden ones and __MACOSX."""
    try:
        return list_names(folder)
    except OSError as err:
        # The system's own text would name this machine's path.
        raise ValueError(
            "carvana: manual_dir must be the folder of Kaggle's files, but"
            f" {printable_path(folder.name)!r} cannot be listed: {err.strerror}; give"
            " an existing folder"
        ) from err
