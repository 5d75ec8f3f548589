"""Which split a group (car, case or scene) belongs to, by quota and stable hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

SPLITS = ("train", "eval", "test")
DEFAULT_QUOTAS: Mapping[str, float] = {"train": 0.7, "eval": 0.15, "test": 0.15}


def check_quotas(quotas: Mapping[str, float]) -> None:
    """Refuses quotas that do not name the three splits or do not add up to one."""
    if tuple(sorted(quotas)) != tuple(sorted(SPLITS)):
        raise ValueError(
            f"quotas must name {', '.join(SPLITS)}, got {', '.join(quotas) or 'none'}"
        )
    if min(quotas.values()) <= 0 or abs(sum(quotas.values()) - 1) > 1e-6:
        raise ValueError(f"quotas must be above 0 and add up to 1, got {dict(quotas)}")


def split_groups(
    group_sizes: Mapping[str, int],
    quotas: Mapping[str, float] = DEFAULT_QUOTAS,
    salt: str = "",
) -> dict[str, str]:
    """Assigns every group to one split, the shares of examples close to the quotas.

    Groups are ordered by a hash of salt and id, so neither the order of files nor
    the machine matters, and cut where the running share of examples passes the
    quotas. A threshold on the hash itself would leave a split of few groups empty;
    this cut gives every split at least one group.

    Args:
        group_sizes: Group id to its number of examples.
        quotas: Split name to its share; the shares add up to 1.
        salt: Another salt gives another draw.

    Returns:
        Group id to split name.

    Example:
        >>> sorted(split_groups({"a": 1, "b": 1, "c": 1}).values())
        ['eval', 'test', 'train']
    """
    check_quotas(quotas)
    if len(group_sizes) < len(SPLITS):
        raise ValueError(
            f"{len(SPLITS)} splits need at least {len(SPLITS)} groups, got"
            f" {len(group_sizes)}; add photos, or give the splits as folders"
        )
    ordered = sorted(group_sizes, key=lambda group: _hash(salt, group))
    cuts = _cuts([group_sizes[group] for group in ordered], quotas)
    return {
        group: split
        for split, (start, stop) in zip(SPLITS, cuts, strict=True)
        for group in ordered[start:stop]
    }


def _cuts(sizes: list[int], quotas: Mapping[str, float]) -> list[tuple[int, int]]:
    """Returns [start, stop) per split over the ordered groups, none of them empty."""
    total = sum(sizes)
    cuts, start, seen, target = [], 0, 0, 0.0
    for rank, split in enumerate(SPLITS):
        target += quotas[split] * total
        last_stop = len(sizes) - (len(SPLITS) - 1 - rank)
        stop = start
        while stop < last_stop and (stop == start or seen + sizes[stop] / 2 <= target):
            seen += sizes[stop]
            stop += 1
        if rank == len(SPLITS) - 1:
            stop = len(sizes)
        cuts.append((start, stop))
        start = stop
    return cuts


def _hash(salt: str, group: str) -> bytes:
    return hashlib.sha256(f"{salt}\0{group}".encode()).digest()
