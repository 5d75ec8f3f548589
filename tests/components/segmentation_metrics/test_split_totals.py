import itertools
import math

import numpy as np
import pytest

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.mask_grid import grid_of_mask, mask_of_grid
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.measurement import Measurement, Measuring
from components.segmentation_metrics.split_totals import SplitTotals
from components.segmentation_metrics.standard_measures import standard_measures
from tests.components.segmentation_metrics.plain_loops import oracle

NAMES = ("background", "car", "wheel")
CLASSES = ClassNames(names=NAMES, background_id=0)
MEASURING = Measuring(
    classes=CLASSES, measures=standard_measures(CLASSES, replicates=0)
)


def draw_pair(seed, height=24, width=32):
    rng = np.random.default_rng(seed)
    truth = rng.choice([0, 0, 1, 255], (height, width)).astype(np.uint8)
    prediction = rng.choice([0, 1, 2, 255], (height, width)).astype(np.uint8)
    return truth, prediction


def photo_of(truth, prediction):
    return PhotoMasks(truth=truth, prediction=prediction)


def measure(*pairs):
    total = MEASURING.nothing()
    for number, pair in enumerate(pairs):
        total.add(MEASURING.of_photo(photo_of(*pair), f"car {number}".encode()))
    return total


def totals_of(pairs):
    parts = [SplitTotals.of_photo(photo_of(*pair), CLASSES) for pair in pairs]
    return SplitTotals.merge(parts, CLASSES)


def test_numbers_of_many_sizes_equal_the_plain_loops():
    pairs = [draw_pair(seed, 20 + seed, 30 - seed) for seed in range(4)]
    expected = oracle([t for t, _ in pairs], [p for _, p in pairs], NAMES)
    numbers = measure(*pairs).numbers()
    for name, value in expected.items():
        assert numbers[name] == pytest.approx(value, abs=1e-12, nan_ok=True), name


def test_the_order_of_merging_and_empty_totals_change_nothing():
    parts = [measure(draw_pair(seed)) for seed in range(3)]
    expected = Measurement.merge(parts, MEASURING).numbers()
    for order in itertools.permutations(parts):
        first = Measurement.merge([order[0], MEASURING.nothing()], MEASURING)
        rest = Measurement.merge(order[1:], MEASURING)
        merged = Measurement.merge([MEASURING.nothing(), rest, first], MEASURING)
        assert merged.numbers() == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_merging_leaves_its_parts_as_they_were():
    part = measure(draw_pair(1))
    before = part.numbers()
    Measurement.merge([part, measure(draw_pair(2))], MEASURING)
    assert part.numbers() == pytest.approx(before, nan_ok=True)


def test_no_photo_gives_no_number_but_counts():
    numbers = Measurement.merge([], MEASURING).numbers()
    assert numbers["examples"] == 0
    assert math.isnan(numbers["miou"]) and math.isnan(numbers["image_dice/car"])
    assert math.isnan(numbers["predicted_sameness"])


def shapes(count, constant):
    for index in range(count):
        truth = np.zeros((40 + index, 64), np.uint8)
        truth[5 + 3 * index : 15 + 3 * index, 2 * index : 20 + 2 * index] = 1
        if constant:
            yield truth, mask_of_grid(_blob(), *truth.shape)
        else:
            yield truth, truth.copy()


def _blob():
    grid = np.zeros((64, 64), np.uint8)
    grid[20:44, 16:48] = 1
    return grid


def test_one_mask_for_every_photo_is_the_same_whatever_their_sizes():
    same = totals_of(shapes(6, constant=True)).numbers()
    assert same["predicted_sameness"] > 0.85
    assert same["true_sameness"] < 0.2


def test_masks_that_follow_the_photo_are_not_the_same():
    numbers = totals_of(shapes(6, constant=False)).numbers()
    assert numbers["predicted_sameness"] == numbers["true_sameness"] < 0.2


def test_what_the_model_does_is_counted_whatever_its_score():
    truth, _ = draw_pair(1)
    only_background = np.zeros_like(truth)
    numbers = totals_of([(truth, only_background), (truth, only_background)]).numbers()
    assert numbers["predicted_background_share"] == 1
    assert numbers["predicted_foreground_px"] == 0
    assert numbers["true_foreground_px"] == 2 * int((truth == 1).sum())
    assert numbers["predicted_classes"] == 1 and numbers["true_classes"] == 2
    assert numbers["single_class_predictions"] == 2
    assert numbers["single_class_truths"] == 0


def test_a_mask_on_the_grid_and_back_is_its_own_when_it_is_small():
    mask = np.random.default_rng(3).integers(0, 3, (32, 16)).astype(np.uint8)
    grid = grid_of_mask(mask, side=64)
    assert (grid[:, :16] == 255).all() and (grid[:, 48:] == 255).all()
    assert (grid[:, 16:48] == np.kron(mask, np.ones((2, 2), np.uint8))).all()
    assert (mask_of_grid(grid, 32, 16) == mask).all()


def test_a_very_long_photo_keeps_at_least_a_row():
    assert mask_of_grid(grid_of_mask(np.ones((1, 500), np.uint8)), 1, 500).all()


def test_a_taxonomy_with_a_gap_is_refused():
    with pytest.raises(ValueError, match=r"0\.\.n-1 without a gap, got \[0, 2\]"):
        ClassNames.from_taxonomy(
            {"classes": [{"id": 0, "name": "a"}, {"id": 2, "name": "b"}]}
        )
