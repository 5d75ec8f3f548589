from __future__ import annotations

import numpy as np
import pytest

from components.segmentation_metrics.weather_layers import (
    fog_cover,
    frost_cover,
    snow_cover,
)

SIZES = [(48, 64), (3, 200), (1, 1), (900, 700)]


@pytest.mark.parametrize("draw", [snow_cover, frost_cover, fog_cover])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_weather_covers_no_pixel_less_when_it_is_stronger(draw, size):
    before = np.zeros(size)
    for strength in range(1, 6):
        cover = draw(size, strength, np.random.default_rng(9))
        assert cover.shape == size
        assert 0 <= cover.min() <= cover.max() <= 1
        assert (cover >= before - 1e-6).all()
        assert cover.mean() > before.mean()
        before = cover


@pytest.mark.parametrize("draw", [snow_cover, frost_cover, fog_cover])
def test_two_photos_have_two_weathers(draw):
    first, second = (draw((40, 60), 3, np.random.default_rng(seed)) for seed in (1, 2))
    assert np.abs(first - second).mean() > 0.01
