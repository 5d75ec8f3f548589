"""The ten classes in the order of their values."""

from __future__ import annotations

from tfds_builders.car_parts_carseg.taxonomy import PART_NAMES, TAXONOMY


def test_values_in_tens_become_ids_in_ones() -> None:
    assert list(PART_NAMES) == list(range(0, 100, 10))
    assert TAXONOMY.names == tuple(PART_NAMES.values())
    assert TAXONOMY.names == (
        "background",
        "hood",
        "front_door",
        "rear_door",
        "frame",
        "rear_quarter_panel",
        "trunk_lid",
        "fender",
        "bumper",
        "rest_of_car",
    )


def test_a_mirror_changes_no_class() -> None:
    assert TAXONOMY.flip_ids() == tuple(range(10))
    assert TAXONOMY.background_id == 0
