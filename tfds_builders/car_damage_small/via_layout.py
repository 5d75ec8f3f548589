"""Where `train` and `val` are in a user's folder, and which files are theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tfds_builders.car_damage_small.taxonomy import TASKS_BY_CONFIG
from tfds_builders.folder_files import shown_entries, shown_names
from tfds_builders.photo_files import is_photo

OWNER_SPLITS = ("train", "val")
VIA_FILE = "via_region_data.json"
PARTS_ENDING = "_multiclass.json"
# VIA's list of attributes has no regions.
_ATTRIBUTES_ENDING = "_attributes.json"


@dataclass(frozen=True, kw_only=True)
class OwnerFolder:
    """The owner's `train` or `val`.

    Attributes:
        name: Which of the two.
        prefix: Its path from the user's folder, with a slash at the end.
        annotations: Task to the path of its annotation file.
        photos: Names of the photos in it.
    """

    name: str
    prefix: str
    annotations: Mapping[str, str]
    photos: tuple[str, ...]


def find_folders(
    paths: Sequence[str], tasks: Sequence[str], folder_name: str = ""
) -> tuple[OwnerFolder, OwnerFolder]:
    """Returns the one pair of `train` and `val` with annotations below a folder.

    Args:
        paths: All files below the user's folder.
        tasks: The tasks to find annotation files for.
        folder_name: Name of the user's folder, to tell when it is too low.

    Raises:
        ValueError: There is no such pair, more than one, or an unclear file.
    """
    bases = _bases(paths)
    if len(bases) != 1:
        raise ValueError(_no_base(paths, bases, folder_name))
    train, val = (_owner_folder(paths, bases[0], name, tasks) for name in OWNER_SPLITS)
    return train, val


def _bases(paths: Sequence[str]) -> list[str]:
    """Returns the folders whose `train` and `val` both hold a JSON file."""
    found = {
        name: {
            parts[0]
            for parts in (_split_off(path, name) for path in paths)
            if parts and parts[1].lower().endswith(".json")
        }
        for name in OWNER_SPLITS
    }
    return sorted(found["train"] & found["val"])


def _split_off(path: str, name: str) -> tuple[str, str] | None:
    """Returns what stands before and after the file's own folder of that name.

    Example:
        >>> _split_off("data/raw/train/1.jpg", "train")
        ('data/raw/', '1.jpg')
    """
    folder, _, file_name = path.rpartition("/")
    if folder != name and not folder.endswith(f"/{name}"):
        return None
    return folder.removesuffix(name), file_name


def _no_base(paths: Sequence[str], bases: Sequence[str], folder_name: str) -> str:
    rule = (
        "car_damage_small needs folders train and val with one VIA annotation file"
        f" each ({VIA_FILE}) beside the photos"
    )
    if bases:
        return f"{rule}, got them in {shown_names(bases)}; give one of those folders"
    if folder_name in OWNER_SPLITS:
        return f"{rule}, got {folder_name} itself; give the folder that holds both"
    return (
        f"{rule}, got {shown_entries(paths)}; give the folder that holds train and val"
    )


def _owner_folder(
    paths: Sequence[str], base: str, name: str, tasks: Sequence[str]
) -> OwnerFolder:
    split_off = (_split_off(path, name) for path in paths)
    files = [parts[1] for parts in split_off if parts and parts[0] == base]
    prefix = f"{base}{name}/"
    return OwnerFolder(
        name=name,
        prefix=prefix,
        annotations={
            task: prefix + _annotation_file(files, task, prefix) for task in tasks
        },
        photos=tuple(sorted(file for file in files if is_photo(file))),
    )


def _annotation_file(files: Sequence[str], task: str, prefix: str) -> str:
    found = [file for file in files if file.lower().endswith(".json")]
    if task == "parts":
        return _part_file(found, prefix)
    if VIA_FILE in found:
        return VIA_FILE
    found = [
        file for file in found if not file.endswith((_ATTRIBUTES_ENDING, PARTS_ENDING))
    ]
    if len(found) != 1:
        raise ValueError(
            f"{prefix} must hold one VIA annotation file, got {shown_names(found)};"
            f" call the one of the damage {VIA_FILE}"
        )
    return found[0]


def _part_file(files: Sequence[str], prefix: str) -> str:
    found = [file for file in files if file.endswith(PARTS_ENDING)]
    if len(found) != 1:
        plain = next(iter(TASKS_BY_CONFIG))
        raise ValueError(
            f"{prefix} must hold one file of parts (*{PARTS_ENDING}), got"
            f" {shown_names(found)}; use car_damage_small/{plain} where there is none"
        )
    return found[0]
