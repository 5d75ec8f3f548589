"""Which groups leave an owner's set to become the eval split."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

# Of the owner's set.
EVAL_SHARE = 0.15


def draw_eval(
    group_sizes: Mapping[str, int], share: float = EVAL_SHARE
) -> frozenset[str]:
    """Returns groups whose examples come close to a share; at least one is left.

    Groups are ordered by a hash of their id, so neither the order of files nor the
    machine matters.

    Args:
        group_sizes: Group id to its number of examples, of the one set that is parted.
        share: Share of the examples to draw.

    Raises:
        ValueError: There are fewer than two groups.

    Example:
        >>> len(draw_eval({f"car{index}": 2 for index in range(20)}))
        3
    """
    if len(group_sizes) < 2:
        raise ValueError(
            "eval is drawn from an owner's set, which must have two groups or more,"
            f" got {len(group_sizes)}; add photos, or group them more finely"
        )
    ordered = sorted(group_sizes, key=_hash)
    wanted, seen = share * sum(group_sizes.values()), 0
    drawn: list[str] = []
    for group in ordered[:-1]:
        if drawn and seen + group_sizes[group] / 2 > wanted:
            break
        drawn.append(group)
        seen += group_sizes[group]
    return frozenset(drawn)


def _hash(group: str) -> bytes:
    return hashlib.sha256(group.encode()).digest()
