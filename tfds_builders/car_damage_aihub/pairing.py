"""Pairs photos with their labels by name, and reads the case from the name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tfds_builders.car_damage_aihub.configurations import DAMAGE_KIND, PART_KIND, Kind
from tfds_builders.car_damage_aihub.dataset_folder import (
    LABEL_SUFFIX,
    OWNER_SPLITS,
    KindFolder,
    OwnerSplit,
)
from tfds_builders.skipped_sources import SkippedSource
from tfds_builders.source_files import printable_path

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png")
_STEM = re.compile(r"[0-9]+_([a-z]+-[0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """One photo and its label; the folders' texts are shared by all their files."""

    kind: Kind
    photo_folder: str
    photo_name: str
    label_folder: str
    label_name: str

    @property
    def photo(self) -> str:
        """Path below the user's folder."""
        return self.photo_folder + self.photo_name

    @property
    def label(self) -> str:
        """Path below the user's folder."""
        return self.label_folder + self.label_name


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """Labelled photos by stem, those of both kinds together, and what was left out."""

    pairs: Mapping[str, tuple[LabelledPhoto, ...]]
    skipped: Sequence[SkippedSource]


@dataclass(slots=True)
class _SameName:
    """(folder, name) of the photos and of the labels that share a stem."""

    photos: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()

    def paths(self) -> list[str]:
        return [printable_path(path + name) for path, name in self.photos + self.labels]


def case_of(stem: str) -> str | None:
    """Returns the accident that a stem names, None where it is not the owner's form.

    Example:
        >>> case_of("0000459_sc-226797"), case_of("IMG_1")
        ('sc-226797', None)
    """
    match = _STEM.fullmatch(stem)
    return match[1].lower() if match else None


def pair_files(folders: Iterable[KindFolder]) -> Pairing:
    """Pairs `<stem>.jpg` with `<stem>.json` of the same kind and owner's split.

    Args:
        folders: In any order.

    Returns:
        Stems in order; of a stem that has both kinds, `damage_part` comes first.
    """
    by_place: dict[tuple[Kind, OwnerSplit], list[KindFolder]] = defaultdict(list)
    for folder in sorted(folders, key=lambda entry: printable_path(entry.path)):
        by_place[folder.kind, folder.owner_split].append(folder)
    pairs: dict[str, tuple[LabelledPhoto, ...]] = {}
    skipped: list[SkippedSource] = []
    # `damage_part` first, and of each kind Training first: what comes first is taken.
    for kind in (PART_KIND, DAMAGE_KIND):
        for owner_split in OWNER_SPLITS:
            place = by_place[kind, owner_split]
            by_stem = _by_stem(place, skipped)
            if lack := _why_one_sided(by_stem):
                path = printable_path(place[0].path)
                skipped.append(_skip(path, lack, is_known=True))
            else:
                _add_pairs(by_stem, kind, pairs, skipped)
    return Pairing(pairs=dict(sorted(pairs.items())), skipped=sorted(skipped))


def _by_stem(
    folders: Sequence[KindFolder], skipped: list[SkippedSource]
) -> dict[str, _SameName]:
    """Groups files by stem; adds those that can be neither photo nor label."""
    by_stem: dict[str, _SameName] = defaultdict(_SameName)
    for folder in folders:
        for name in sorted(folder.names):
            stem, suffix = _split_name(name)
            if reason := _why_no_name(stem, suffix):
                skipped.append(_skip(printable_path(folder.path + name), reason))
            elif suffix == LABEL_SUFFIX:
                by_stem[stem].labels += ((folder.path, name),)
            else:
                by_stem[stem].photos += ((folder.path, name),)
    return by_stem


def _why_one_sided(by_stem: Mapping[str, _SameName]) -> str | None:
    """Says what a place lacks that holds photos or labels only, as if half fetched."""
    for lacks, has, files in (
        ("photo", "labels", [entry.photos for entry in by_stem.values()]),
        ("label", "photos", [entry.labels for entry in by_stem.values()]),
    ):
        if files and not any(files):
            return (
                f"{len(files)} {has} of this kind without a single {lacks}, none of"
                f" them is read; fetch and unpack the archive of the {lacks}s"
            )
    return None


def _add_pairs(
    by_stem: Mapping[str, _SameName],
    kind: Kind,
    pairs: dict[str, tuple[LabelledPhoto, ...]],
    skipped: list[SkippedSource],
) -> None:
    for stem, files in by_stem.items():
        taken = next((pair for pair in pairs.get(stem, ()) if pair.kind == kind), None)
        if reason := _why_no_pair(stem, files):
            skipped += [_skip(path, reason) for path in files.paths()]
        elif taken is not None:
            reason = f"published twice, {printable_path(taken.photo)} is taken"
            skipped.append(_skip(files.paths()[0], reason, is_known=True))
        else:
            pair = LabelledPhoto(kind, *files.photos[0], *files.labels[0])
            pairs[stem] = (*pairs.get(stem, ()), pair)


def _skip(path: str, reason: str, is_known: bool = False) -> SkippedSource:
    return SkippedSource(source=path, split=None, reason=reason, is_known=is_known)


def _split_name(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix.lower()) if stem else (name, "")


def _why_no_name(stem: str, suffix: str) -> str | None:
    if suffix not in (*PHOTO_SUFFIXES, LABEL_SUFFIX):
        return (
            f"a file must be a photo ({', '.join(PHOTO_SUFFIXES)}) or a label"
            f" ({LABEL_SUFFIX}), got {suffix or 'no end'!r}; remove it"
        )
    if case_of(stem) is None:
        return (
            "a name must be NUMBER_CASE with a case such as as-0061522 or sc-226797,"
            f" got {printable_path(stem)!r}; restore the owner's name"
        )
    return None


def _why_no_pair(stem: str, files: _SameName) -> str | None:
    for what, found in (("photos", files.photos), ("labels", files.labels)):
        if len(found) > 1:
            listed = ", ".join(printable_path(path + name) for path, name in found)
            return f"{len(found)} {what} share the name {stem!r} ({listed}); keep one"
    if not files.labels:
        return f"photo without its label; unpack or add {stem}{LABEL_SUFFIX}"
    if not files.photos:
        return f"label without its photo; unpack or add {stem}{PHOTO_SUFFIXES[0]}"
    return None
