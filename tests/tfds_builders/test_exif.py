from __future__ import annotations

import pytest

from tests.tfds_builders.drawn_photos import exif_block, gps_exif
from tfds_builders.exif import orientation_from_exif


@pytest.mark.parametrize("order", [">", "<"], ids=["big", "little"])
@pytest.mark.parametrize("kind", [3, 4], ids=["short", "long"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_both_byte_orders_and_number_types(
    order: str, kind: int, orientation: int
) -> None:
    block = exif_block(orientation, order=order, kind=kind)
    assert orientation_from_exif(block) == orientation


def test_a_leading_header_is_passed_over() -> None:
    assert gps_exif(7).startswith(b"Exif\x00\x00")
    assert orientation_from_exif(gps_exif(7)) == 7


@pytest.mark.parametrize("length", range(len(exif_block(6)) - 4))
def test_every_cut_off_block_means_upright(length: int) -> None:
    assert orientation_from_exif(exif_block(6)[:length]) == 1


@pytest.mark.parametrize("value", [0, 9, 255, 65535])
def test_a_value_out_of_range_means_upright(value: int) -> None:
    assert orientation_from_exif(exif_block(value)) == 1
