"""Which annotation files a folder holds, and for which split each is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from tfds_builders.folder_files import shown_entries, shown_names
from tfds_builders.group_split import SPLITS

# A word of a path begins like this: train2017, trainingset, valid, test.
_SPLIT_WORDS = {"train": "train", "val": "eval", "test": "test"}
_WORD = re.compile(r"[a-z]+")
DSMLR_FILES = {
    "train": "trainingset/annotations.json",
    "test": "testset/annotations.json",
}
_OPTION = "data.options.annotations"
# A folder of one JSON file per photo has thousands, deep in folders of long names.
_SHOWN_FILES = 3
_SHOWN_PARTS = 2


def find_annotations(paths: Sequence[str]) -> dict[str | None, str]:
    """Returns the annotation files of a folder by split; one alone stands at None.

    Files are told apart by the first word for a split in the file's own name or, where
    it has none, in those of the folders from the inside out. Without a file for test,
    that for val becomes test, and eval is drawn from train.

    Raises:
        ValueError: No JSON file, or no clear choice.

    Example:
        >>> find_annotations(["a/instances_train2017.json", "a/instances_val2017.json"])
        {'train': 'a/instances_train2017.json', 'test': 'a/instances_val2017.json'}
    """
    files = [path for path in paths if path.lower().endswith(".json")]
    if len(files) == 1:
        return {None: files[0]}
    by_split: dict[str | None, list[str]] = defaultdict(list)
    for path in files:
        by_split[split_in_path(path)].append(path)
    by_split.pop(None, None)
    if "test" not in by_split and "eval" in by_split:
        by_split["test"] = by_split.pop("eval")
    is_clear = all(len(found) == 1 for found in by_split.values())
    if not is_clear or not {"train", "test"} <= set(by_split):
        beside = "" if files else f" beside {shown_entries(paths)}"
        raise ValueError(
            "coco_cars needs one COCO file (.json), or one each for train, test and"
            f" perhaps val, got {_shown_files(files)}{beside}; name the right ones:"
            f" --set '{_OPTION}={{train: A.json, test: B.json}}'"
        )
    return {split: by_split[split][0] for split in SPLITS if split in by_split}


def split_in_path(path: str) -> str | None:
    """Returns the split that a path names, None where it names none or two at once.

    Example:
        >>> split_in_path("test_cars/instances_val2017.json")
        'eval'
        >>> split_in_path("testset/annotations.json")
        'test'
    """
    for part in reversed(path.lower().removesuffix(".json").split("/")):
        splits = {
            split
            for word in _WORD.findall(part)
            for start, split in _SPLIT_WORDS.items()
            if word.startswith(start)
        }
        if splits:
            return splits.pop() if len(splits) == 1 else None
    return None


def check_given(
    given: Mapping[str | None, str], paths: Sequence[str]
) -> dict[str | None, str]:
    """Returns the files that the user named, all of which must be there."""
    missing = [path for path in given.values() if path not in paths]
    if missing:
        files = [path for path in paths if path.lower().endswith(".json")]
        raise ValueError(
            f"coco_cars: annotations must name files below manual_dir, got {missing[0]}"
            f", but the JSON files are {_shown_files(files)}; correct {_OPTION}"
        )
    return dict(given)


def find_dsmlr(paths: Sequence[str]) -> tuple[str, dict[str | None, str]]:
    """Returns where dsmlr's two folders stand and their annotation files by split.

    Raises:
        ValueError: They are not there, or there more than once.

    Example:
        >>> find_dsmlr([f"x/{name}" for name in DSMLR_FILES.values()])[0]
        'x/'
    """
    ending = DSMLR_FILES["train"]
    known = set(paths)
    roots = [
        root
        for root in (path.removesuffix(ending) for path in paths if _ends(path, ending))
        if root + DSMLR_FILES["test"] in known
    ]
    if len(roots) != 1:
        found = shown_names(roots) if roots else shown_entries(paths)
        raise ValueError(
            f"coco_cars/dsmlr_parts needs {' and '.join(DSMLR_FILES.values())} in one"
            f" folder, got {found}; give the folder that holds trainingset and testset"
        )
    return roots[0], {split: roots[0] + name for split, name in DSMLR_FILES.items()}


def _shown_files(paths: Sequence[str]) -> str:
    return shown_names([_short(path) for path in paths], _SHOWN_FILES)


def _short(path: str) -> str:
    parts = path.split("/")
    short = "/".join(parts[-_SHOWN_PARTS:])
    return path if len(parts) <= _SHOWN_PARTS else f".../{short}"


def _ends(path: str, ending: str) -> bool:
    return path == ending or path.endswith(f"/{ending}")
