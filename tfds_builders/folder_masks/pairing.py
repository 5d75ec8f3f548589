"""Pairs photos with masks by their names alone."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from tfds_builders.folder_files import is_system_file
from tfds_builders.photo_files import PHOTO_SUFFIXES
from tfds_builders.source_files import printable_path

# Lossy ones are paired too: the decoder refuses them with the reason.
MASK_SUFFIXES = PHOTO_SUFFIXES
MASK_ENDING = "_mask"
SIDECAR_SUFFIXES = (
    ".csv",
    ".html",
    ".ini",
    ".json",
    ".md",
    ".txt",
    ".xml",
    ".yaml",
    ".yml",
)


@dataclass(frozen=True, kw_only=True, order=True)
class Pair:
    """A photo and its mask.

    Attributes:
        key: Path of the photo without suffix, in Unicode NFC.
        photo: Its path as the file system spells it.
        mask: Path of the mask as the file system spells it.
    """

    key: str
    photo: str
    mask: str


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """Pairs in the order of their keys, and what found no partner, with reasons."""

    pairs: tuple[Pair, ...]
    unpaired_photos: Mapping[str, str]
    unpaired_masks: Mapping[str, str]


def pair_files(photos: Iterable[str], masks: Iterable[str]) -> Pairing:
    """Pairs files by their path without suffix; the order of the listing is no matter.

    A mask may also end in `_mask`. Hidden and system files and texts are ignored.

    Args:
        photos: Paths relative to the folder of photos.
        masks: Paths relative to the folder of masks.

    Example:
        >>> pair_files(["a/1.JPG"], ["a/1_mask.png"]).pairs
        (Pair(key='a/1', photo='a/1.JPG', mask='a/1_mask.png'),)
    """
    photos_by_key, bad_photos = _by_key(photos, "photo", PHOTO_SUFFIXES)
    masks_by_key, bad_masks = _by_key(masks, "mask", MASK_SUFFIXES)
    pairs: list[Pair] = []
    claimed: set[str] = set()
    for key in sorted(photos_by_key):
        names = photos_by_key[key]
        keys = _mask_keys(key, masks_by_key, photos_by_key)
        claimed.update(keys)
        candidates = [name for mask_key in keys for name in masks_by_key[mask_key]]
        reason = _why_no_pair(names, candidates, key)
        if reason:
            bad_photos |= dict.fromkeys(names, reason)
        else:
            pairs.append(Pair(key=key, photo=names[0], mask=candidates[0]))
    for key in sorted(set(masks_by_key) - claimed):
        reason = f"mask without a photo; add a photo called {key!r}, or remove the mask"
        bad_masks |= dict.fromkeys(masks_by_key[key], reason)
    return Pairing(
        pairs=tuple(pairs), unpaired_photos=bad_photos, unpaired_masks=bad_masks
    )


def _by_key(
    paths: Iterable[str], what: str, suffixes: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Groups paths by key, and says why the others have none."""
    by_key: dict[str, list[str]] = defaultdict(list)
    bad: dict[str, str] = {}
    for path in sorted(_wanted(paths)):
        suffix = PurePosixPath(path).suffix.lower()
        if _is_misspelled(path):
            bad[path] = (
                f"a {what}'s name must be UTF-8 without control characters; rename it"
            )
        elif suffix not in suffixes:
            bad[path] = (
                f"a {what} must end in {', '.join(suffixes)},"
                f" got {suffix or 'no end'!r}; convert or remove it"
            )
        else:
            key = unicodedata.normalize("NFC", path[: -len(suffix)])
            by_key[key].append(path)
    return by_key, bad


def _is_misspelled(path: str) -> bool:
    """Tells names that no text can hold: bytes that are no UTF-8, line breaks."""
    return any(unicodedata.category(letter) in ("Cs", "Cc") for letter in path)


def _wanted(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        name = PurePosixPath(path)
        hidden = any(part.startswith(".") for part in name.parts)
        sidecar = name.suffix.lower() in SIDECAR_SUFFIXES
        if not (hidden or sidecar or is_system_file(name.name)):
            yield path


def _mask_keys(
    key: str,
    masks_by_key: Mapping[str, Sequence[str]],
    photos_by_key: Mapping[str, Sequence[str]],
) -> list[str]:
    """Returns the keys of a photo's masks; `a_mask` may be the photo `a_mask`'s."""
    ending = key + MASK_ENDING
    keys = [key] if key in masks_by_key else []
    if ending in masks_by_key and ending not in photos_by_key:
        keys.append(ending)
    return keys


def _why_no_pair(photos: Sequence[str], masks: Sequence[str], key: str) -> str | None:
    if len(photos) > 1:
        names = ", ".join(printable_path(name) for name in photos)
        return (
            f"{len(photos)} photos share the name {key!r} ({names}); rename all but one"
        )
    if len(masks) > 1:
        names = ", ".join(printable_path(name) for name in masks)
        return f"{len(masks)} masks for one photo ({names}); keep one"
    if not masks:
        name = PurePosixPath(key).name
        return f"photo without a mask; add {name}.png or {name}{MASK_ENDING}.png"
    return None
