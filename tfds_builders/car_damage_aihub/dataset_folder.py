"""Finds the files of both kinds in AI Hub's tree; no file is opened.

Folder names are Korean and come composed or decomposed (macOS), with a space or
without one; only their digits and ASCII letters are looked at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from tfds_builders.car_damage_aihub.configurations import Kind
from tfds_builders.folder_files import is_system_file, shown_folder, what_is_at
from tfds_builders.source_files import printable_path

OwnerSplit = Literal["Training", "Validation"]
OWNER_SPLITS: tuple[OwnerSplit, ...] = ("Training", "Validation")
LABEL_SUFFIX = ".json"

_DATASET_FOLDER = re.compile(r"160\D")
_DATA_FOLDER = re.compile(r"0?1[^0-9a-z]", re.IGNORECASE)
_SPLIT_FOLDER = re.compile(r"(?:\d\.\s*)?(Training|Validation)", re.IGNORECASE)
_NUMBERED_SPLIT_FOLDER = re.compile(r"[12]\.\s*(Training|Validation)", re.IGNORECASE)
_KIND_FOLDER = re.compile(r"(?:[TV][SL]_)?(damage(?:_part)?)", re.IGNORECASE)
_ARCHIVE = re.compile(
    r"[TV]([SL])_(damage(?:_part)?)\.zip(?:\.part\d+)?", re.IGNORECASE
)
# `1.Training/1.원천데이터/TS_damage/damage` with room for archives unpacked into a
# folder of their own name; it also ends links that lead in a circle.
_MAX_DEPTH = 6
_RULE = "car_damage_aihub needs the folder that holds 1.Training and 2.Validation"


@dataclass(frozen=True, kw_only=True)
class KindFolder:
    """The files of one folder that holds photos or labels.

    Attributes:
        owner_split: Where the owner put it.
        kind: Of its photos or labels.
        path: Below the user's folder.
        names: Of its files, hidden and system files left out.
    """

    owner_split: OwnerSplit
    kind: Kind
    path: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Archive:
    """One of the owner's zip files, as downloaded.

    Attributes:
        owner_split: Where the owner put it.
        kind: Of the photos or labels in it.
        holds_labels: Labels are in it, not photos.
        path: Below the user's folder.
    """

    owner_split: OwnerSplit
    kind: Kind
    holds_labels: bool
    path: str


@dataclass(frozen=True, kw_only=True)
class DatasetFiles:
    """All that was found of the dataset, in an order that listing does not change."""

    folders: tuple[KindFolder, ...]
    archives: tuple[Archive, ...]


def list_dataset_files(folder: Path) -> DatasetFiles:
    """Lists photos, labels and archives below the user's folder.

    Args:
        folder: `01.데이터`, the folder `160.차량파손 이미지 데이터` above it, or the
            one that holds this.

    Raises:
        ValueError: It is none of them; the sentence says which folder to give.
    """
    _refuse_no_folder(folder)
    prefix = _find_data_folder(folder)
    found: list[KindFolder | Archive] = [
        entry
        for owner_split, path in _split_folders(folder, prefix)
        for entry in _walk(folder, path, owner_split, None, _MAX_DEPTH)
    ]
    found.sort(
        key=lambda entry: (entry.owner_split, entry.kind, printable_path(entry.path))
    )
    return DatasetFiles(
        folders=tuple(entry for entry in found if isinstance(entry, KindFolder)),
        archives=tuple(entry for entry in found if isinstance(entry, Archive)),
    )


def _refuse_no_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    raise ValueError(
        f"{_RULE}, got {what_is_at(folder)} at {printable_path(folder.name)!r}; check"
        " --manual-dir"
    )


def _find_data_folder(folder: Path) -> str:
    """Returns the path of the folder that holds the owner's splits, "" or with "/"."""
    near = _folders(folder, "", _DATA_FOLDER)
    datasets = _folders(folder, "", _DATASET_FOLDER)
    deep = [
        path for above in datasets for path in _folders(folder, above, _DATA_FOLDER)
    ]
    for level in ([""], near + datasets, deep):
        found = [prefix for prefix in level if _split_folders(folder, prefix)]
        if len(found) > 1:
            listed = ", ".join(printable_path(prefix) for prefix in found)
            raise ValueError(f"{_RULE}, got several ({listed}); give one of them")
        if found:
            return found[0]
    raise _wrong_folder(folder)


def _wrong_folder(folder: Path) -> ValueError:
    name = printable_path(folder.name)
    above = next(filter(_NUMBERED_SPLIT_FOLDER.fullmatch, folder.parts[::-1]), None)
    if above is not None:
        above = printable_path(above)
        return ValueError(
            f"{_RULE}, got {name!r}, which is {above} or lies in it; give the folder"
            f" above {above}"
        )
    names = sorted(printable_path(entry.name) for entry in _entries(folder, ""))
    return ValueError(
        f"{_RULE} (01.데이터), or one of the two folders above it, got {name!r} with"
        f" {shown_folder(names)}; give the unpacked folder 160.차량파손 이미지 데이터"
    )


def _split_folders(folder: Path, prefix: str) -> list[tuple[OwnerSplit, str]]:
    found = []
    for path in _folders(folder, prefix, _SPLIT_FOLDER):
        match = _SPLIT_FOLDER.fullmatch(Path(path).name)
        if match:
            found.append((cast(OwnerSplit, match[1].capitalize()), path))
    return found


def _folders(folder: Path, prefix: str, pattern: re.Pattern[str]) -> list[str]:
    """Returns the paths of sub-folders whose name begins with the pattern."""
    return sorted(
        f"{prefix}{entry.name}/"
        for entry in _entries(folder, prefix)
        if pattern.match(entry.name) and entry.is_dir()
    )


def _walk(
    folder: Path, path: str, owner_split: OwnerSplit, kind: Kind | None, depth: int
) -> Iterator[KindFolder | Archive]:
    """Yields what lies below a path; the nearest folder of a kind gives the kind."""
    names = []
    for entry in _entries(folder, path):
        if entry.is_dir():
            if depth:
                inner = _kind_of(entry.name) or kind
                yield from _walk(
                    folder, f"{path}{entry.name}/", owner_split, inner, depth - 1
                )
        elif archive := _ARCHIVE.fullmatch(entry.name):
            yield Archive(
                owner_split=owner_split,
                kind=cast(Kind, archive[2].lower()),
                holds_labels=archive[1].upper() == "L",
                path=f"{path}{entry.name}",
            )
        elif kind and not is_system_file(entry.name):
            names.append(entry.name)
    if kind and names:
        yield KindFolder(
            owner_split=owner_split, kind=kind, path=path, names=tuple(sorted(names))
        )


def _kind_of(name: str) -> Kind | None:
    match = _KIND_FOLDER.fullmatch(name)
    return cast(Kind, match[1].lower()) if match else None


def _entries(folder: Path, path: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder / path) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as err:
        # The system's own text would carry this machine's path.
        where = printable_path(path or folder.name)
        raise ValueError(
            f"cannot list {where!r}: {err.strerror}; check its permissions"
        ) from err


def unread_archives(files: DatasetFiles) -> list[Archive]:
    """Returns the archives of photos or labels of which no file lies unpacked."""
    unpacked = {
        (folder.owner_split, folder.kind, name.lower().endswith(LABEL_SUFFIX))
        for folder in files.folders
        for name in folder.names
    }
    return [
        archive
        for archive in files.archives
        if (archive.owner_split, archive.kind, archive.holds_labels) not in unpacked
    ]
