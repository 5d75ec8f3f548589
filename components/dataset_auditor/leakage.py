"""Findings about several records: shared ids, groups, pixels and look-alikes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from components.dataset_auditor.findings import Finding
from components.dataset_auditor.near_duplicates import find_near_duplicates

_LISTED = 20  # records named in one finding


class Identity(NamedTuple):
    """What is remembered of every record, in the order that sorts it."""

    split: str
    example_id: str
    group_id: str
    content: str
    record_key: str


def find_shared_ids(identities: Sequence[Identity]) -> Iterator[Finding]:
    """Yields every `example_id` that several records carry."""
    for example_id, members in _grouped(identities, lambda one: one.example_id):
        if len(members) > 1:
            detail = f"{example_id!r} is the id of {len(members)} records"
            yield _finding("duplicate_example_id", detail, members)


def find_shared_groups(identities: Sequence[Identity]) -> Iterator[Finding]:
    """Yields every group with records in two splits or more."""
    for group_id, members in _grouped(identities, lambda one: one.group_id):
        counts = Counter(member.split for member in members)
        if group_id and len(counts) > 1:
            where = " and ".join(f"{name} ({n})" for name, n in sorted(counts.items()))
            one_each = [
                next(member for member in members if member.split == name)
                for name in sorted(counts)
            ]
            detail = f"group {group_id!r} lies in {where}"
            yield _finding("group_in_two_splits", detail, one_each)


def find_exact_duplicates(identities: Sequence[Identity]) -> Iterator[Finding]:
    """Yields every picture whose pixels occur twice; only across splits it counts."""
    for content, members in _grouped(identities, lambda one: one.content):
        if not content or len(members) < 2:
            continue
        splits = sorted({member.split for member in members})
        where = f"in {' and '.join(splits)}" if len(splits) > 1 else f"in {splits[0]}"
        detail = f"the same pixels in {len(members)} records {where}"
        yield _finding("exact_duplicate", detail, members, counts=len(splits) > 1)


def find_look_alikes(
    identities: Sequence[Identity],
    thumbnails: npt.NDArray[np.uint8],
    *,
    similarity: float,
    limit: int,
) -> Iterator[Finding]:
    """Yields near-duplicates of different splits, groups and pixels.

    Args:
        identities: Records in order.
        thumbnails: [n, 32, 32] grey, in the same order.
        similarity: Correlation from which two pictures are one.
        limit: At most so many per pair of splits.
    """
    labels = np.stack(
        [
            _codes([one.group_id or one.record_key for one in identities]),
            _codes([one.content or one.record_key for one in identities]),
        ],
        axis=1,
    )
    by_split: dict[str, list[int]] = defaultdict(list)
    for index, identity in enumerate(identities):
        if identity.content:
            by_split[identity.split].append(index)
    for first, second in combinations(sorted(by_split), 2):
        left, right = np.array(by_split[first]), np.array(by_split[second])
        for pair in find_near_duplicates(
            thumbnails[left],
            thumbnails[right],
            similarity=similarity,
            left_labels=labels[left],
            right_labels=labels[right],
            limit=limit,
        ):
            members = [identities[left[pair.left]], identities[right[pair.right]]]
            detail = f"{'mirrored, ' if pair.mirrored else ''}similarity" + (
                f" {pair.similarity:.3f}, groups {members[0].group_id!r} and"
                f" {members[1].group_id!r}"
            )
            yield _finding("near_duplicate", detail, members)


def _grouped(
    identities: Sequence[Identity], key: Callable[[Identity], str]
) -> list[tuple[str, list[Identity]]]:
    groups: dict[str, list[Identity]] = defaultdict(list)
    for identity in identities:
        groups[key(identity)].append(identity)
    return sorted(groups.items())


def _codes(values: Sequence[str]) -> npt.NDArray[np.int64]:
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(v, len(codes)) for v in values], np.int64)


def _finding(
    rule: str, detail: str, members: Sequence[Identity], *, counts: bool = True
) -> Finding:
    shown = members[:_LISTED]
    return Finding(
        rule=rule,
        detail=detail,
        examples=tuple(member.example_id for member in shown),
        splits=tuple(member.split for member in shown),
        record_keys=tuple(member.record_key for member in shown),
        counts=counts,
    )
