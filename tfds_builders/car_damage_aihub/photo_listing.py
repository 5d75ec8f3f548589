"""The photos of one configuration with case and split; nothing is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tfds_builders.car_damage_aihub.configurations import Configuration
from tfds_builders.car_damage_aihub.dataset_folder import (
    Archive,
    DatasetFiles,
    unread_archives,
)
from tfds_builders.car_damage_aihub.pairing import (
    LabelledPhoto,
    Pairing,
    case_of,
    pair_files,
)
from tfds_builders.group_split import split_groups
from tfds_builders.listing import Listing, by_split
from tfds_builders.skipped_sources import SkippedSource
from tfds_builders.source_files import printable_path


@dataclass(frozen=True, slots=True)
class PhotoSource:
    """One photo: its stem, its case, its split and its one or two labels.

    Where there are two, that of `damage_part` comes first.
    """

    example_id: str
    group_id: str
    split: str
    pairs: tuple[LabelledPhoto, ...]

    def __str__(self) -> str:
        """Returns the photo's path as `skipped.json` shows it."""
        return printable_path(self.pairs[0].photo)


def list_photos(
    files: DatasetFiles, configuration: Configuration
) -> Listing[PhotoSource]:
    """Pairs the files, gives every case its split and picks the configuration's photos.

    Splits are drawn over all photos whatever the configuration, so that a case is in
    the same split in all three: a model of one may be tested on another.

    Raises:
        ValueError: Nothing to read, or a needed archive is still packed.
    """
    packed = unread_archives(files)
    _refuse_packed(packed, configuration)
    pairing = pair_files(files.folders)
    listed = [
        stem
        for stem, pairs in pairing.pairs.items()
        if any(pair.kind in configuration.listed for pair in pairs)
    ]
    if not listed:
        raise _nothing_to_read(files, pairing, packed, configuration)
    cases = {stem: case_of(stem) or stem for stem in pairing.pairs}
    splits = split_groups(Counter(cases.values()))
    sources = (
        PhotoSource(stem, cases[stem], splits[cases[stem]], pairing.pairs[stem])
        for stem in listed
    )
    return Listing(
        sources=by_split(sources),
        skipped=[*pairing.skipped, *map(_still_packed, packed)],
    )


def _refuse_packed(packed: Sequence[Archive], configuration: Configuration) -> None:
    needed = [entry for entry in packed if entry.kind in configuration.unpacked]
    if not needed:
        return
    first = needed[0]
    suffix = "json" if first.holds_labels else "jpg"
    folder = first.path.rpartition(".zip")[0] or first.path
    raise ValueError(
        "photos and labels must be unpacked, got"
        f" {', '.join(printable_path(entry.path) for entry in needed)}; unpack each"
        " where it lies, so that there is"
        f" {printable_path(folder)}/{first.kind}/*.{suffix}, or take another"
        " configuration (README.md)"
    )


def _still_packed(archive: Archive) -> SkippedSource:
    return SkippedSource(
        source=printable_path(archive.path),
        split=None,
        reason="still packed, nothing of it is read; unpack it where it lies",
        is_known=True,
    )


def _nothing_to_read(
    files: DatasetFiles,
    pairing: Pairing,
    packed: Sequence[Archive],
    configuration: Configuration,
) -> ValueError:
    kinds = " or ".join(sorted(configuration.listed))
    counts = Counter(folder.kind for folder in files.folders for _ in folder.names)
    found = ", ".join(f"{kind}: {n} files" for kind, n in sorted(counts.items()))
    first = next((f"; first: {e.source}: {e.reason}" for e in pairing.skipped), "")
    archives = ", ".join(printable_path(entry.path) for entry in packed)
    return ValueError(
        f"a photo <stem>.jpg and its label <stem>.json are needed in folders {kinds},"
        f" got {found or 'none'}{f'; still packed: {archives}' if packed else ''}"
        f"{first}; unpack TS_*.zip and TL_*.zip where they lie"
    )
