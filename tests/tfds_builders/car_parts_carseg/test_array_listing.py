"""Arrays by their names: kinds, overlays, and what is left out with a reason."""

from __future__ import annotations

import random

import pytest

from tests.tfds_builders.car_parts_carseg.drawn_carseg import NAMES
from tfds_builders.car_parts_carseg.array_listing import ArraySource, list_arrays
from tfds_builders.listing import Listing

PATHS = [f"arrays/{name}.npy" for name in NAMES]


def ids(listing: Listing[ArraySource]) -> list[str]:
    return sorted(
        source.example_id for sources in listing.sources.values() for source in sources
    )


def test_every_array_has_its_kind_and_number() -> None:
    listing = list_arrays(PATHS)

    assert ids(listing) == sorted(NAMES)
    assert listing.skipped == []
    (source,) = (
        entry for entry in listing.sources["test"] if entry.example_id == "photo_0030"
    )
    assert (source.collection, source.number) == ("photo", 30)
    assert source.overlay is None
    assert str(source) == source.path == "arrays/photo_0030.npy"


def test_the_order_of_the_listing_is_no_matter() -> None:
    shuffled = list(PATHS)
    random.Random(2).shuffle(shuffled)

    assert list_arrays(shuffled) == list_arrays(PATHS)


def test_a_configuration_reads_its_own_arrays() -> None:
    listing = list_arrays(PATHS, collections=("orange_3_doors",))

    assert ids(listing) == [f"orange_3_doors_{number:04d}" for number in range(1, 5)]


def test_only_npy_files_are_data() -> None:
    listing = list_arrays([*PATHS, "arrays/README.md", "arrays/photo_0040.jpg"])

    assert listing == list_arrays(PATHS)


@pytest.mark.parametrize(
    ("name", "reason", "is_known"),
    [
        ("augmented3_photo_0007.npy", "a varied copy of another array; it is", True),
        ("car_0001.npy", "an array's name must be one of black_5_doors, ", False),
        ("photo_12b.npy", "an array's name must be one of", False),
        ("photo_0031.NPY", "a second array called photo_0031; rename or", False),
    ],
)
def test_other_arrays_are_left_out_by_name(
    name: str, reason: str, is_known: bool
) -> None:
    listing = list_arrays([*PATHS, f"arrays/{name}"])

    (entry,) = listing.skipped
    # Of two spellings the first in the order of bytes stays.
    kept = name.lower() if name.endswith("NPY") else name
    assert entry.source == f"arrays/{kept}"
    assert entry.reason.startswith(reason)
    assert entry.is_known == is_known
    assert ids(listing) == sorted(NAMES)


def test_photos_get_the_overlay_of_their_number_and_renders_none() -> None:
    overlays = [f"images/photo/with_segmentation/{n:04d}.jpg" for n in range(1, 40)]

    listing = list_arrays(PATHS, overlays=overlays)

    found = {
        source.example_id: source.overlay
        for sources in listing.sources.values()
        for source in sources
    }
    assert found["photo_0034"] == "images/photo/with_segmentation/0034.jpg"
    assert found["black_5_doors_0001"] is None
    assert listing.skipped == []


def test_a_photo_without_overlay_is_left_out_by_name() -> None:
    digits = ["0001", "0002", "0030", "0031", "0032", "0033", "0034", "0035"]
    overlays = [f"images/photo/with_segmentation/{number}.jpg" for number in digits]

    listing = list_arrays(PATHS, overlays=overlays)

    (entry,) = listing.skipped
    assert entry.source == "arrays/photo_0036.npy"
    assert entry.reason.startswith("repair_masks needs the overlay 0036.jpg in images/")
    assert "photo_0036" not in ids(listing)


@pytest.mark.parametrize(
    ("paths", "sentence"),
    [
        (PATHS[:9], "orange_3_doors_0001.npy, got those of photo alone; take another"),
        (["arrays/x.npy"], "orange_3_doors_0001.npy, got none; give the owner's own"),
    ],
    ids=["others", "none"],
)
def test_a_configuration_without_arrays_is_refused(
    paths: list[str], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        list_arrays(paths, collections=("orange_3_doors",))
