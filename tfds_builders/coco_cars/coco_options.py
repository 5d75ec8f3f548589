"""What a user sets for a COCO file: where it is, the task, groups and licence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from tfds_builders.group_split import SPLITS, check_quotas
from tfds_builders.taxonomy import COMMERCIAL_ANSWERS

# Splits that may be given; eval is drawn from train where it is not.
_GIVEN_SPLITS = ({"train", "test"}, set(SPLITS))
_TASK_NAME = re.compile(r"[a-z][a-z0-9_]*")
# YAML reads a bare yes or no as a truth value.
_BARE_ANSWERS = {True: "yes", False: "no"}


@dataclass(frozen=True, kw_only=True)
class CocoOptions:
    """The builder's own options; None leaves the choice to the builder.

    Attributes:
        annotations: Annotation file below the folder, or one per split.
        images: Folders below the user's in which photos are looked for.
        task: Name of the task; the record's mask is `mask/<task>`.
        group_regex: Finds a photo's group in its path below the folder.
        quotas: Share of each split, for one annotation file without given splits.
        licence: Of the data; replaces what the file says.
        commercial: Whether the data's licence allows commercial use.
    """

    annotations: str | Mapping[str, str] | None = None
    images: str | Sequence[str] | None = None
    task: str | None = None
    group_regex: str | None = None
    quotas: Mapping[str, float] | None = None
    licence: str | None = None
    commercial: str | bool | None = None

    def __post_init__(self) -> None:
        _check_annotations(self.annotations)
        for path in self.image_folders or ():
            _check_path("images", path)
        if self.task is not None and not _TASK_NAME.fullmatch(str(self.task)):
            raise ValueError(
                "coco_cars: task must be lower-case letters, digits and _, got"
                f" {self.task!r}; write for example parts"
            )
        for name in ("group_regex", "licence"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, str) and value):
                raise ValueError(f"coco_cars: {name} must be a text, got {value!r}")
        if self.quotas is not None:
            _check_quotas(self.quotas, self.annotations)
        if self.commercial is not None and self.answer not in COMMERCIAL_ANSWERS:
            raise ValueError(
                f"coco_cars: commercial must be {', '.join(COMMERCIAL_ANSWERS)}, got"
                f" {self.commercial!r}"
            )

    @property
    def image_folders(self) -> tuple[str, ...] | None:
        """The folders of `images`, None where none are set."""
        if self.images is None:
            return None
        return (self.images,) if isinstance(self.images, str) else tuple(self.images)

    @property
    def answer(self) -> Any:
        """The text of `commercial`."""
        if isinstance(self.commercial, bool):
            return _BARE_ANSWERS[self.commercial]
        return self.commercial

    @property
    def annotations_by_split(self) -> dict[str | None, str] | None:
        """Annotation files by split; the one file without splits stands at None."""
        if self.annotations is None:
            return None
        if isinstance(self.annotations, str):
            return {None: self.annotations}
        return {split: path for split, path in self.annotations.items()}

    def to_dict(self) -> dict[str, Any]:
        """Returns the options as they were given, JSON-ready."""
        return {
            "annotations": _plain(self.annotations),
            "images": _plain(self.images),
            "task": self.task,
            "group_regex": self.group_regex,
            "quotas": _plain(self.quotas),
            "licence": self.licence,
            "commercial": self.commercial,
        }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return value if value is None or isinstance(value, str) else list(value)


def _check_annotations(annotations: Any) -> None:
    if annotations is None or isinstance(annotations, str):
        paths = [] if annotations is None else [annotations]
    elif isinstance(annotations, Mapping) and set(annotations) in _GIVEN_SPLITS:
        paths = list(annotations.values())
    else:
        raise ValueError(
            "coco_cars: annotations must be one path, or paths for train and test (eval"
            f" is then drawn from train) or train, eval and test, got {annotations!r}"
        )
    for path in paths:
        _check_path("annotations", path)
    if len(set(paths)) < len(paths):
        raise ValueError(
            "coco_cars: annotations must be another file for every split, got"
            f" {annotations!r}; give one path alone and the splits are drawn"
        )


def _check_path(option: str, path: Any) -> None:
    parts = PurePosixPath(path).parts if isinstance(path, str) else ("..",)
    if ".." in parts or parts[:1] == ("/",):
        raise ValueError(
            f"coco_cars: {option} must be paths below manual_dir, got {path!r}; write"
            " for example train/annotations.json"
        )


def _check_quotas(quotas: Any, annotations: Any) -> None:
    if isinstance(annotations, Mapping):
        raise ValueError(
            "coco_cars: quotas are for one annotation file, got one per split; leave"
            " quotas out"
        )
    numbers = isinstance(quotas, Mapping) and all(
        isinstance(share, int | float) and not isinstance(share, bool)
        for share in quotas.values()
    )
    if not numbers:
        raise ValueError(
            f"coco_cars: quotas must be a number per split, got {quotas!r}; write for"
            " example {train: 0.7, eval: 0.15, test: 0.15}"
        )
    check_quotas(quotas)
