"""Class weights worked out on paper."""

from __future__ import annotations

import pytest

from tfx_pipeline.modeling.class_weights import class_weights


@pytest.mark.parametrize(
    ("power", "ratio"),
    [(0.0, 1.0), (0.5, 9 / 2), (1.0, 81 / 4)],
    ids=["alike", "root", "inverse"],
)
def test_rare_classes_weigh_more_and_the_mean_over_pixels_is_one(
    power: float, ratio: float
) -> None:
    common, rare = class_weights([81, 4], power=power)

    assert rare / common == pytest.approx(ratio)
    assert (81 * common + 4 * rare) / 85 == pytest.approx(1.0)


def test_a_class_without_pixels_weighs_nothing() -> None:
    assert class_weights([50, 0, 50]) == pytest.approx([1, 0, 1])


@pytest.mark.parametrize("pixels", [[], [0, 0], [3, -1]])
def test_counts_that_cannot_be_weighed_are_refused(pixels: list[int]) -> None:
    with pytest.raises(ValueError, match="need an audited train split"):
        class_weights(pixels)
