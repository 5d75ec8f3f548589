"""A user's folder and options turned into classes and photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from tfds_builders.coco_cars.annotation_files import (
    check_given,
    find_annotations,
    find_dsmlr,
)
from tfds_builders.coco_cars.coco_document import Id, read_document
from tfds_builders.coco_cars.coco_options import CocoOptions
from tfds_builders.coco_cars.dsmlr_photos import DSMLR_SAME_PHOTOS
from tfds_builders.coco_cars.photo_listing import CocoSource, list_photos
from tfds_builders.coco_cars.photo_search import PhotoSearch
from tfds_builders.coco_cars.taxonomy import (
    check_dsmlr,
    classes_of,
    common_licence,
    make_taxonomy,
)
from tfds_builders.folder_files import list_files
from tfds_builders.listing import Listing
from tfds_builders.photo_files import is_photo
from tfds_builders.taxonomy import Commercial, Taxonomy


@dataclass(frozen=True, kw_only=True)
class CocoSet:
    """What is known of a set beforehand.

    Attributes:
        name: What taxonomy and records call it.
        task: Name of the task where the user gives none.
        licence: Of the data; None takes what the files state.
        same_photos: Ids of photos that are another one's copy.
    """

    name: str
    task: str
    licence: str | None = None
    same_photos: Mapping[str, str] = field(default_factory=dict)


CUSTOM = CocoSet(name="coco_cars", task="objects")
DSMLR = CocoSet(
    name="car_parts_dsmlr",
    task="parts",
    licence="none stated by dsmlr/Car-Parts-Segmentation; ask its authors",
    same_photos=DSMLR_SAME_PHOTOS,
)


@dataclass(frozen=True, kw_only=True)
class CocoDataset:
    """Classes and photos of a folder.

    Attributes:
        taxonomy: Of its one task.
        ids_by_category: Class id of every category of the files.
        listing: Photos by split, and what was left out.
    """

    taxonomy: Taxonomy
    ids_by_category: Mapping[Id, int]
    listing: Listing[CocoSource]


def read_dataset(
    folder: Path, options: CocoOptions, known: CocoSet = CUSTOM
) -> CocoDataset:
    """Reads the annotation files of a folder and finds their photos.

    Args:
        folder: The user's folder.
        options: What the user set.
        known: `DSMLR` expects its layout and its 18 parts.

    Raises:
        ValueError: The folder or a file is not as expected; one line.
    """
    paths = list_files(folder)
    root, files = _annotation_files(paths, options, known)
    documents = {split: read_document(folder, path) for split, path in files.items()}
    classes = classes_of(list(documents.values()))
    if known is DSMLR:
        check_dsmlr(classes, next(iter(files.values())))
    if options.quotas is not None and None not in files:
        raise ValueError(
            f"coco_cars: quotas are for one annotation file, got {len(files)}; leave"
            " quotas out, or name one file by data.options.annotations"
        )
    search = PhotoSearch(
        [path for path in paths if is_photo(path)],
        options.image_folders,
        list(files.values()),
    )
    return CocoDataset(
        taxonomy=make_taxonomy(
            classes,
            dataset=known.name,
            task=options.task or known.task,
            licence=options.licence
            or known.licence
            or common_licence(list(documents.values())),
            commercial=cast(Commercial, options.answer or "unknown"),
        ),
        ids_by_category=classes.ids_by_category,
        listing=list_photos(
            documents,
            search,
            root=root,
            group_regex=options.group_regex,
            same_photos=known.same_photos,
            quotas=options.quotas,
        ),
    )


def _annotation_files(
    paths: list[str], options: CocoOptions, known: CocoSet
) -> tuple[str, dict[str | None, str]]:
    given = options.annotations_by_split
    if known is DSMLR:
        if given or options.images is not None:
            raise ValueError(
                "coco_cars/dsmlr_parts knows where its files are; leave annotations and"
                " images out, or use coco_cars/custom"
            )
        return find_dsmlr(paths)
    return "", check_given(given, paths) if given else find_annotations(paths)
