"""Classes of a COCO file: ids, colours, mirror pairs, licence; and those of dsmlr."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from tfds_builders.coco_cars.class_colours import class_colours
from tfds_builders.coco_cars.coco_document import CocoDocument, Id
from tfds_builders.folder_files import shown_names
from tfds_builders.taxonomy import VOID_ID, Commercial, Taxonomy, number_classes

BACKGROUND = "background"
# By class id; the file's category ids are one higher.
DSMLR_NAMES = (
    BACKGROUND,
    "back_bumper",
    "back_glass",
    "back_left_door",
    "back_left_light",
    "back_right_door",
    "back_right_light",
    "front_bumper",
    "front_glass",
    "front_left_door",
    "front_left_light",
    "front_right_door",
    "front_right_light",
    "hood",
    "left_mirror",
    "right_mirror",
    "tailgate",
    "trunk",
    "wheel",
)


@dataclass(frozen=True, kw_only=True)
class CocoClasses:
    """Names by class id, and the class id of every category."""

    names: tuple[str, ...]
    ids_by_category: Mapping[Id, int]


def classes_of(documents: Sequence[CocoDocument]) -> CocoClasses:
    """Returns the classes of files that must agree: by category id, background first.

    Raises:
        ValueError: A name stands for two categories, the files differ, or there are
            more classes than a mask can hold.
    """
    first = documents[0]
    for other in documents[1:]:
        _refuse_difference(first, other)
    ordered = sorted(first.categories.items(), key=lambda item: cast(int, item[0]))
    background = [number for number, name in ordered if _is_background(name)]
    named = [(number, name) for number, name in ordered if number not in background]
    names = [BACKGROUND, *(name for _, name in named)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or len(background) > 1:
        raise ValueError(
            f"{first.where}: a name must stand for one category, got"
            f" {shown_names(twice or [BACKGROUND])} twice; rename or join them"
        )
    if not named or len(names) > VOID_ID:
        raise ValueError(
            f"{first.where}: 1 to {VOID_ID - 1} categories beside the background are"
            f" needed, got {len(named)}; choose another file, or join categories"
        )
    ids = {number: index for index, (number, _) in enumerate(named, start=1)}
    return CocoClasses(
        names=tuple(names), ids_by_category=ids | dict.fromkeys(background, 0)
    )


def _is_background(name: str) -> bool:
    return name.strip("_ ").casefold() == BACKGROUND


def _refuse_difference(first: CocoDocument, other: CocoDocument) -> None:
    differing = {
        f"{number} {name}"
        for number, name in first.categories.items() ^ other.categories.items()
    }
    if differing:
        raise ValueError(
            f"{other.where}: categories must be those of {first.where}, but they differ"
            f" in {shown_names(sorted(differing))}; export both with one list"
        )


def check_dsmlr(classes: CocoClasses, where: str) -> None:
    """Refuses a file whose classes are not those of dsmlr."""
    if classes.names == DSMLR_NAMES:
        return
    differing = sorted(set(classes.names) ^ set(DSMLR_NAMES))
    raise ValueError(
        f"{where}: dsmlr_parts has {len(DSMLR_NAMES) - 1} parts, this file differs in"
        f" {shown_names(differing) if differing else 'their order'}; read it as"
        " coco_cars/custom"
    )


def make_taxonomy(
    classes: CocoClasses,
    *,
    dataset: str,
    task: str,
    licence: str = "unknown",
    commercial: Commercial = "unknown",
) -> Taxonomy:
    """Returns the taxonomy; left and right of one name flip into each other."""
    return Taxonomy(
        dataset=dataset,
        task=task,
        licence=licence,
        commercial=commercial,
        classes=number_classes(
            zip(classes.names, class_colours(len(classes.names)), strict=True)
        ),
    )


def common_licence(documents: Sequence[CocoDocument]) -> str:
    """Returns the licence that the files state, `unknown` where it is not just one."""
    stated = {name for document in documents for name in document.licences}
    return stated.pop() if len(stated) == 1 else "unknown"
