"""The photos of a user's folder with id, group and split; nothing is opened."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tfds_builders.folder_masks.folder_layout import (
    MASKS_FOLDER,
    PHOTOS_FOLDER,
    PhotoFolder,
)
from tfds_builders.folder_masks.name_patterns import find_in_names
from tfds_builders.folder_masks.pairing import (
    Pair,
    Pairing,
    pair_files,
)
from tfds_builders.group_split import DEFAULT_QUOTAS, split_groups
from tfds_builders.listing import Listing, by_split
from tfds_builders.skipped_sources import SkippedSource
from tfds_builders.source_files import printable_path


@dataclass(frozen=True, kw_only=True)
class PhotoSource:
    """One photo and its mask, by paths relative to the user's folder.

    `split` is empty until it is drawn.
    """

    photo: str
    mask: str
    example_id: str
    group_id: str
    split: str = ""
    view: str = ""

    def __str__(self) -> str:
        """Returns the photo's path as records and `skipped.json` show it."""
        return printable_path(self.photo)


def list_photos(
    folders: Sequence[PhotoFolder],
    *,
    group_regex: str | None = None,
    view_regex: str | None = None,
    quotas: Mapping[str, float] | None = None,
) -> Listing[PhotoSource]:
    """Pairs the files of all folders, groups the photos and gives each its split.

    Args:
        folders: One folder without split, or one per split.
        group_regex: Finds the group in a photo's path below `images`; a photo in
            which it finds nothing is a group of its own.
        view_regex: Finds the view in the same way, empty where it finds nothing.
        quotas: Share of each split, only for a folder without split.
    """
    pairings = {
        folder.prefix: pair_files(folder.photos, folder.masks) for folder in folders
    }
    keys = sorted({pair.key for found in pairings.values() for pair in found.pairs})
    _refuse_no_pair(folders, keys)
    groups = _find(group_regex, keys, "group_regex")
    views = _find(view_regex, keys, "view_regex")
    drafts = [
        _source(pair, folder, groups, views)
        for folder in folders
        for pair in pairings[folder.prefix].pairs
    ]
    return Listing(
        sources=_placed(drafts, quotas),
        skipped=[
            entry
            for folder in folders
            for entry in _skipped(folder, pairings[folder.prefix])
        ],
    )


def _refuse_no_pair(folders: Sequence[PhotoFolder], keys: Sequence[str]) -> None:
    if keys:
        return
    photos = [name for folder in folders for name in folder.photos]
    masks = [name for folder in folders for name in folder.masks]
    raise ValueError(
        f"at least one photo must have a mask of its name, got {_first(photos)} in"
        f" {PHOTOS_FOLDER} and {_first(masks)} in {MASKS_FOLDER}; a photo a.jpg needs"
        " a.png or a_mask.png"
    )


def _first(names: Sequence[str]) -> str:
    if not names:
        return "no file"
    return f"{printable_path(names[0])!r} (files: {len(names)})"


def _find(
    pattern: str | None, keys: Iterable[str], option: str
) -> dict[str, str | None]:
    return {} if pattern is None else find_in_names(pattern, keys, option)


def _source(
    pair: Pair,
    folder: PhotoFolder,
    groups: Mapping[str, str | None],
    views: Mapping[str, str | None],
) -> PhotoSource:
    example_id = f"{folder.prefix}{pair.key}"
    return PhotoSource(
        photo=f"{folder.prefix}{PHOTOS_FOLDER}/{pair.photo}",
        mask=f"{folder.prefix}{MASKS_FOLDER}/{pair.mask}",
        example_id=example_id,
        group_id=groups.get(pair.key) or example_id,
        split=folder.split or "",
        view=views.get(pair.key) or "",
    )


def _placed(
    sources: Sequence[PhotoSource], quotas: Mapping[str, float] | None
) -> dict[str, list[PhotoSource]]:
    """Sorts the sources into splits; draws those that no folder gave."""
    given = all(source.split for source in sources)
    if given and quotas is not None:
        raise ValueError(
            f"quotas are for a folder without split folders, got {dict(quotas)};"
            " leave them out"
        )
    if not given:
        sizes = Counter(source.group_id for source in sources)
        drawn = split_groups(sizes, DEFAULT_QUOTAS if quotas is None else quotas)
        sources = [replace(source, split=drawn[source.group_id]) for source in sources]
    return by_split(sources)


def _skipped(folder: PhotoFolder, pairing: Pairing) -> list[SkippedSource]:
    return [
        SkippedSource(
            source=printable_path(f"{folder.prefix}{below}/{path}"),
            split=folder.split,
            reason=unicodedata.normalize("NFC", reason),
        )
        for below, unpaired in (
            (PHOTOS_FOLDER, pairing.unpaired_photos),
            (MASKS_FOLDER, pairing.unpaired_masks),
        )
        for path, reason in unpaired.items()
    ]
