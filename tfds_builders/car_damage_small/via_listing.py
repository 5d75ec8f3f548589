"""The photos of `train` and `val` with their regions, group and split."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tfds_builders.car_damage_small.via_file import Region
from tfds_builders.car_damage_small.via_layout import OwnerFolder
from tfds_builders.eval_draw import draw_eval
from tfds_builders.listing import Listing, by_split
from tfds_builders.photo_files import photo_ids
from tfds_builders.skipped_sources import SkippedSource
from tfds_builders.source_files import printable_path

_DEMO = "a demo picture of VIA that the owner left in the file; there is no photo of it"
# Entries without a photo that VIA itself puts into a new project.
KNOWN_DEMO_ENTRIES: Mapping[str, str] = {
    "test_pattern_qbist.jpg": _DEMO,
    "a_swan_swimming_in_geneve_lake.jpg": _DEMO,
    "sinus_test_pattern.jpg": _DEMO,
}

Entries = Mapping[str, Sequence[Sequence[Region]]]
FindCopies = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class ViaSource:
    """One photo and its regions.

    Attributes:
        photo: Path below the user's folder.
        regions: Task to regions as VIA wrote them.
        example_id: `train/image1`: the same name may stand for two photos.
        group_id: Photos of equal bytes are one group.
        split: The record's split.
    """

    photo: str
    regions: Mapping[str, Sequence[Region]]
    example_id: str = ""
    group_id: str = ""
    split: str = ""

    def __str__(self) -> str:
        """Returns the photo's path as records and `skipped.json` show it."""
        return printable_path(self.photo)


def list_photos(
    train: OwnerFolder,
    val: OwnerFolder,
    entries: Mapping[str, Entries],
    find_copies: FindCopies,
) -> Listing[ViaSource]:
    """Joins photos and entries, and gives each photo its split.

    The owner's val becomes test, and eval is drawn from train. A photo of val that is
    also in train stays in train only.

    Args:
        train: The owner's train folder.
        val: The owner's val folder.
        entries: Path of an annotation file to its entries.
        find_copies: Maps paths to the first one of the same bytes.
    """
    skipped: list[SkippedSource] = []
    drafts = {
        folder.name: _sources(folder, entries, skipped) for folder in (train, val)
    }
    drafts = _with_ids(drafts, train.prefix.removesuffix(f"{train.name}/"))
    every = [source for found in drafts.values() for source in found]
    first = find_copies([source.photo for source in every])
    ids = {source.photo: source.example_id for source in every}
    grouped = {
        name: [replace(source, group_id=ids[first[source.photo]]) for source in found]
        for name, found in drafts.items()
    }
    train_photos, val_photos = grouped["train"], grouped["val"]
    for_test = _without_training_photos(val_photos, train_photos, skipped)
    for_eval = draw_eval(Counter(source.group_id for source in train_photos))
    placed = [
        replace(source, split="eval" if source.group_id in for_eval else "train")
        for source in train_photos
    ]
    placed += [replace(source, split="test") for source in for_test]
    return Listing(sources=by_split(placed), skipped=skipped)


def _sources(
    folder: OwnerFolder, entries: Mapping[str, Entries], skipped: list[SkippedSource]
) -> list[ViaSource]:
    photos = {unicodedata.normalize("NFC", name): name for name in folder.photos}
    by_task = {task: entries[path] for task, path in folder.annotations.items()}
    listed = dict.fromkeys(name for found in by_task.values() for name in found)
    sources = []
    for name in sorted({*photos, *listed}):
        reason = _why_not(name, photos, by_task)
        if reason is None:
            regions = {task: tuple(found[name][0]) for task, found in by_task.items()}
            sources.append(
                ViaSource(photo=folder.prefix + photos[name], regions=regions)
            )
            continue
        is_demo = name in KNOWN_DEMO_ENTRIES and name not in photos
        skipped.append(
            SkippedSource(
                source=printable_path(folder.prefix + name),
                split="test" if folder.name == "val" else None,
                reason=KNOWN_DEMO_ENTRIES[name] if is_demo else reason,
                is_known=is_demo,
            )
        )
    return sources


def _why_not(
    name: str, photos: Mapping[str, str], by_task: Mapping[str, Entries]
) -> str | None:
    """Returns the reason why a name gives no record, None where it gives one."""
    if name not in photos:
        return "the annotation file names it, but there is no such photo; add it"
    for task, entries in by_task.items():
        found = len(entries.get(name, ()))
        if found != 1:
            return (
                f"a photo must have one entry in the file of {task}, got {found};"
                " annotate it (without regions where nothing is to see) or remove it"
            )
    return None


def _with_ids(
    drafts: Mapping[str, Sequence[ViaSource]], base: str
) -> dict[str, list[ViaSource]]:
    ids = photo_ids(source.photo for found in drafts.values() for source in found)
    short = printable_path(base)
    return {
        name: [
            replace(source, example_id=ids[source.photo].removeprefix(short))
            for source in found
        ]
        for name, found in drafts.items()
    }


def _without_training_photos(
    val: Sequence[ViaSource],
    train: Sequence[ViaSource],
    skipped: list[SkippedSource],
) -> list[ViaSource]:
    groups = {source.group_id for source in train}
    skipped += [
        SkippedSource(
            source=str(source),
            split="test",
            reason=f"the same bytes as {source.group_id}, which stays in training",
            is_known=True,
        )
        for source in val
        if source.group_id in groups
    ]
    return [source for source in val if source.group_id not in groups]
