"""Which split an array belongs to: the owner's test photos, quotas for the rest."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from tfds_builders.group_split import DEFAULT_QUOTAS, split_groups

PHOTOS = "photo"
# The owner's test set is photo_0001 to photo_0030.
OWNERS_TEST_NUMBERS = range(1, 31)
_EVAL_SHARE = DEFAULT_QUOTAS["eval"] / (
    DEFAULT_QUOTAS["train"] + DEFAULT_QUOTAS["eval"]
)


def is_owners_test(collection: str, number: int) -> bool:
    """Says whether the data's owner reserved an array for the test.

    Example:
        >>> is_owners_test("photo", 30), is_owners_test("photo", 31)
        (True, False)
    """
    return collection == PHOTOS and number in OWNERS_TEST_NUMBERS


def assign_splits(arrays: Sequence[tuple[str, str, int]]) -> dict[str, str]:
    """Returns the split of every array, in no way touched by their order.

    Where photos of the owner's test set are there, they are the test, and every
    collection alone is divided between train and eval; so a photo has the same split
    with and without the renders. Where none is there, all are drawn by the quotas.

    Args:
        arrays: Id, collection and number of each; every array is its own group.

    Raises:
        ValueError: A split would be empty.
    """
    test = {
        name
        for name, collection, number in arrays
        if is_owners_test(collection, number)
    }
    if not test:
        return split_groups(dict.fromkeys((name for name, *_ in arrays), 1))
    rest: dict[str, list[str]] = defaultdict(list)
    for name, collection, _ in arrays:
        if name not in test:
            rest[collection].append(name)
    splits = dict.fromkeys(test, "test")
    for names in rest.values():
        splits |= divide(names)
    if "eval" not in splits.values():
        raise ValueError(
            f"besides the {len(test)} test photos there must be two or more arrays of"
            f" one kind, for train and eval, got {len(splits) - len(test)}; add some"
        )
    return splits


def divide(names: Sequence[str]) -> dict[str, str]:
    """Divides arrays of one kind between train and eval, 70 to 15, by a stable hash.

    Example:
        >>> sorted(divide(["a", "b"]).values()), divide(["a"])
        (['eval', 'train'], {'a': 'train'})
    """
    ordered = sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())
    in_eval = max(1, round(len(names) * _EVAL_SHARE)) if len(names) > 1 else 0
    return dict.fromkeys(ordered[in_eval:], "train") | dict.fromkeys(
        ordered[:in_eval], "eval"
    )
