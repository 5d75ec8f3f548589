"""The first layer's numbers, rule by rule."""

from __future__ import annotations

import numpy as np
import pytest

from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.modeling.pixel_normalisation import RANGES, PixelNormalisation


@pytest.mark.parametrize(
    ("pixel_range", "expected"),
    [
        ("minus_one_to_one", [-1.0, 0.6, 1.0]),
        ("zero_to_one", [0.0, 0.8, 1.0]),
        (
            "imagenet",
            [-0.485 / 0.229, (0.8 - 0.456) / 0.224, (1 - 0.406) / 0.225],
        ),
        ("none", [0.0, 204.0, 255.0]),
    ],
)
def test_a_pixel_becomes_the_number_on_paper(
    pixel_range: str, expected: list[float]
) -> None:
    pixels = np.array([[[[0, 204, 255]]]], np.uint8)

    values = np.array(PixelNormalisation(pixel_range)(pixels))

    assert values.dtype == np.float32
    np.testing.assert_allclose(values[0, 0, 0], expected, atol=1e-6)


def test_the_configuration_knows_every_rule() -> None:
    for name in RANGES:
        assert ModelConfig(normalisation=name).normalisation == name


def test_an_unknown_rule_is_refused_with_its_neighbours() -> None:
    with pytest.raises(ValueError, match=r"did you mean imagenet\?"):
        PixelNormalisation("image_net")
