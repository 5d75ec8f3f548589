"""Sums, replicates and groups add up like photo by photo, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from components.segmentation_metrics.bootstrap import replicate_weights
from components.segmentation_metrics.measure import PhotoMasks, Sums, nan_mean, ratio
from components.segmentation_metrics.replicated_sums import (
    MeasureSet,
    PhotoSums,
    ReplicatedSums,
)


@dataclass(frozen=True)
class Share:
    """Share of the pixels with an id."""

    wanted: int

    @property
    def name(self) -> str:
        return f"share_{self.wanted}"

    @property
    def size(self) -> int:
        return 2

    def of_photo(self, photo: PhotoMasks) -> Sums:
        hits = (photo.prediction == self.wanted).sum()
        return np.array([hits, photo.prediction.size], np.float64)

    def numbers(self, sums: Sums) -> Mapping[str, npt.NDArray[np.float64]]:
        return {self.name: ratio(sums[..., 0], sums[..., 1])}


MEASURES = MeasureSet(
    measures=(Share(0), Share(2)), class_names=("background", "car"), replicates=50
)


def photos(count: int) -> list[PhotoSums]:
    rng = np.random.default_rng(count)
    drawn = []
    for number in range(count):
        truth, prediction = rng.integers(0, 3, (2, 4, 5)).astype(np.uint8)
        truth[:] = truth if number % 3 else 0  # every third photo has no car
        masks = PhotoMasks(truth=truth, prediction=prediction)
        drawn.append(MEASURES.of_photo(masks, f"car {number // 2}".encode()))
    return drawn


def added(listed: list[PhotoSums]) -> ReplicatedSums:
    total = ReplicatedSums(MEASURES)
    for photo in listed:
        total.add(photo)
    return total


def test_numbers_and_replicates_equal_a_loop_over_photos() -> None:
    listed = photos(9)
    total = added(listed)

    counts = np.zeros(3)
    redrawn = np.zeros((50, 3))
    for photo in listed:
        zeros, pixels, twos, _ = photo.sums
        row = np.array([zeros, twos, pixels])
        counts += row
        for index, times in enumerate(replicate_weights(photo.group_id, 50)):
            redrawn[index] += int(times) * row
    numbers = total.numbers()
    assert numbers["share_0"] == counts[0] / counts[2]
    assert numbers["share_2"] == counts[1] / counts[2]
    replicates = total.replicates()
    np.testing.assert_allclose(
        replicates["share_2"], ratio(redrawn[:, 1], redrawn[:, 2]), rtol=1e-6
    )
    assert replicates["share_0"].dtype == np.float32


def test_groups_are_counted_for_the_whole_and_each_class() -> None:
    numbers = added(photos(9)).numbers()

    assert numbers["groups"] == 5
    assert numbers["groups/background"] == 5
    # Photos 0, 3 and 6 show no car: each has another photo of its group beside it.
    assert numbers["groups/car"] == 5
    assert added(photos(9)[:1]).numbers()["groups/car"] == 0


def test_any_order_and_any_parts_give_the_same() -> None:
    listed = photos(12)
    whole = added(listed)

    backwards = added(listed[::-1])
    parts = [added(listed[7:]), ReplicatedSums(MEASURES), added(listed[:7])]
    merged = ReplicatedSums.merge(parts, MEASURES)

    for other in (backwards, merged):
        np.testing.assert_array_equal(other.sums, whole.sums)
        np.testing.assert_array_equal(other.drawn, whole.drawn)
        assert other.numbers() == whole.numbers()


def test_no_photo_gives_nan_and_no_group() -> None:
    numbers = ReplicatedSums(MEASURES).numbers()

    assert np.isnan(numbers["share_0"])
    assert numbers["groups"] == 0


def test_stored_sums_are_named_by_their_measure() -> None:
    stored = added(photos(3)).stored_sums()

    assert sorted(stored) == ["share_0", "share_2"]
    assert stored["share_0"][1] == 3 * 20


def test_a_negative_number_of_replicates_is_refused() -> None:
    with pytest.raises(ValueError, match=r"replicates must be 0 or more, got -1"):
        MeasureSet(measures=(), class_names=(), replicates=-1)


def test_ratio_and_mean_leave_nan_where_nothing_counts() -> None:
    assert np.isnan(ratio(1, 0))
    np.testing.assert_array_equal(ratio([[1, 2]], [4, 8]), [[0.25, 0.25]])
    np.testing.assert_array_equal(
        nan_mean([[0.5, np.nan, 1.0], [np.nan] * 3]), [0.75, np.nan]
    )
