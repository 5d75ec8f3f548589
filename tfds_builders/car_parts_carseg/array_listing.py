"""The arrays of a folder with id, collection, overlay and split; none is opened."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from tfds_builders.car_parts_carseg.array_splits import PHOTOS, assign_splits
from tfds_builders.car_parts_carseg.carseg_layout import ARRAY_SUFFIX, PICTURE_SUFFIXES
from tfds_builders.listing import Listing, by_split
from tfds_builders.skipped_sources import SkippedSource
from tfds_builders.source_files import printable_path

RENDERS = ("black_5_doors", "orange_3_doors")
COLLECTIONS = (*RENDERS, PHOTOS)
OVERLAYS_FOLDER = "photo/with_segmentation"

_NAME = re.compile(rf"({'|'.join(COLLECTIONS)})_([0-9]+)")
_VARIED = re.compile(rf"augmented[0-9]*_({'|'.join(COLLECTIONS)})_[0-9]+")


@dataclass(frozen=True, kw_only=True)
class ArraySource:
    """One array.

    Attributes:
        path: Its path below the user's folder.
        example_id: Its file name without suffix.
        collection: `black_5_doors`, `orange_3_doors` or `photo`.
        number: The number in its name.
        split: Empty until it is drawn.
        overlay: Path of the coloured overlay that its mask is mended from, if it is.
    """

    path: str
    example_id: str
    collection: str
    number: int
    split: str = ""
    overlay: str | None = None

    def __str__(self) -> str:
        """Returns the path as `skipped.json` shows it."""
        return printable_path(self.path)


def list_arrays(
    paths: Iterable[str],
    *,
    collections: Collection[str] = COLLECTIONS,
    overlays: Iterable[str] | None = None,
) -> Listing[ArraySource]:
    """Sorts arrays into splits by their names; the order of the listing is no matter.

    Args:
        paths: Files below the user's folder; only `.npy` files count.
        collections: Those that the configuration reads; arrays of others are left.
        overlays: Overlays of photos to mend their masks from; None mends none.

    Raises:
        ValueError: There is no array of these collections, or too few.
    """
    every, skipped = _parse(paths)
    sources = [entry for entry in every if entry.collection in collections]
    if not sources:
        raise _none_of(collections, every)
    if overlays is not None:
        sources, without = _with_overlays(sources, overlays)
        skipped += without
    splits = assign_splits(
        [(entry.example_id, entry.collection, entry.number) for entry in sources]
    )
    placed = (replace(entry, split=splits[entry.example_id]) for entry in sources)
    return Listing(sources=by_split(placed), skipped=skipped)


def _parse(paths: Iterable[str]) -> tuple[list[ArraySource], list[SkippedSource]]:
    """Returns the arrays by their names, sorted by id, and the rest with reasons."""
    by_id: dict[str, ArraySource] = {}
    skipped = []
    for path in sorted(paths):
        name = PurePosixPath(path)
        if name.suffix.lower() != ARRAY_SUFFIX:
            continue  # README and the like: only arrays are data
        found = _NAME.fullmatch(name.stem)
        if found is None:
            skipped.append(_misnamed(path, name.stem))
        elif name.stem in by_id:
            reason = f"a second array called {name.stem}; rename or remove one"
            skipped.append(_skip(path, reason))
        else:
            by_id[name.stem] = ArraySource(
                path=path,
                example_id=name.stem,
                collection=found[1],
                number=int(found[2]),
            )
    return [by_id[name] for name in sorted(by_id)], skipped


def _none_of(collections: Collection[str], every: Sequence[ArraySource]) -> ValueError:
    wanted = ", ".join(f"{name}_0001.npy" for name in collections)
    there = sorted({entry.collection for entry in every})
    found = f"those of {', '.join(there)} alone" if there else "none"
    way_out = "take another configuration" if there else "give the owner's own folder"
    return ValueError(
        f"arrays must hold files called like {wanted}, got {found}; {way_out}"
    )


def _misnamed(path: str, stem: str) -> SkippedSource:
    if _VARIED.fullmatch(stem):
        # Made from a photo that may be in the test; the pipeline varies photos itself.
        reason = "a varied copy of another array; it is left out on purpose"
        return replace(_skip(path, reason), is_known=True)
    kinds = ", ".join(COLLECTIONS)
    return _skip(path, f"an array's name must be one of {kinds}, then _ and a number")


def _with_overlays(
    sources: Sequence[ArraySource], overlays: Iterable[str]
) -> tuple[list[ArraySource], list[SkippedSource]]:
    """Gives photos their overlays of the same number, as it is written."""
    by_digits = {
        PurePosixPath(path).stem: path
        for path in sorted(overlays)
        if path.lower().endswith(PICTURE_SUFFIXES)
    }
    kept, without = [], []
    for source in sources:
        digits = source.example_id.rpartition("_")[2]
        if source.collection != PHOTOS:
            kept.append(source)
        elif digits in by_digits:
            kept.append(replace(source, overlay=by_digits[digits]))
        else:
            reason = (
                f"repair_masks needs the overlay {digits}.jpg in images/"
                f"{OVERLAYS_FOLDER}; add it, or leave repair_masks off"
            )
            without.append(_skip(source.path, reason))
    return kept, without


def _skip(path: str, reason: str) -> SkippedSource:
    return SkippedSource(source=printable_path(path), split=None, reason=reason)
