from __future__ import annotations

import random

import pytest

from serving.server.settings.version_policy import (
    VersionPolicy,
    aspired_versions,
    parse_version,
)

NAMES = ["1", "00000123", "7", "notes", "7.tmp", ".8", "9" * 19, "-3", "", "٣"]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("1", 1),
        ("00000123", 123),
        ("-3", -3),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
        ("1.0", None),
        ("1a", None),
        ("", None),
        (" 1", None),
        ("٣", None),
    ],
)
def test_a_version_is_a_whole_name_that_is_an_int64(
    name: str, version: int | None
) -> None:
    assert parse_version(name) == version


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (VersionPolicy(), {123: "00000123"}),
        (VersionPolicy(latest=2), {123: "00000123", 7: "7"}),
        (VersionPolicy(latest=9), {123: "00000123", 7: "7", 1: "1", -3: "-3"}),
        (VersionPolicy(latest=None), {123: "00000123", 7: "7", 1: "1", -3: "-3"}),
        (VersionPolicy(latest=None, specific=(1, 5)), {1: "1"}),
        (VersionPolicy(latest=None, specific=(5,)), {}),
    ],
    ids=["newest", "two", "more than there are", "all", "specific", "none of them"],
)
def test_a_policy_chooses_whatever_the_order(
    policy: VersionPolicy, expected: dict[int, str]
) -> None:
    names = random.Random(3).sample(NAMES, len(NAMES))
    found = aspired_versions(names, policy)
    assert found == expected
    assert list(found) == sorted(expected, reverse=True)


def test_of_two_names_of_one_version_the_last_counts() -> None:
    assert aspired_versions(["5", "0005"], VersionPolicy()) == {5: "5"}


@pytest.mark.parametrize("latest", [0, -1])
def test_impossible_policies_are_refused(latest: int) -> None:
    with pytest.raises(ValueError, match="latest must be 1 or more"):
        VersionPolicy(latest=latest)
    with pytest.raises(ValueError, match="latest or specific"):
        VersionPolicy(specific=(1,))
