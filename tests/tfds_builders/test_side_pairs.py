"""Left and right of one name are each other's mirror image."""

from __future__ import annotations

import pytest

from tfds_builders.side_pairs import other_side, side_pairs


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("left_mirror", "right_mirror"),
        ("Door Right", "Door Left"),
        ("REAR LEFT", "REAR RIGHT"),
        ("Front fender(R)", "Front fender(L)"),
        ("wheel (l)", "wheel (r)"),
        ("bright_light", "bright_light"),
        ("leftover", "leftover"),
    ],
)
def test_the_other_side_of_a_name(name: str, other: str) -> None:
    assert other_side(name) == other
    assert other_side(other) == name


def test_a_side_without_its_partner_flips_with_itself() -> None:
    assert side_pairs(["left_door", "right_mirror", "hood"]) == {}
