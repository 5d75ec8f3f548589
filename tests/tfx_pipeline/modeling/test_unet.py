"""The U-Net has the size, the parameters and the independence that it promises."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.presets import preset
from tfx_pipeline.modeling.unet import unet

# The small damage set's net: base 16, relu, 3x3 transposed convolutions, 3x3 head.
SMALL_DAMAGE = preset("predecessor_e").model
# The car-parts net: elu, dropout between the convolutions, 2x2 transposed, 1x1 head.
CAR_PARTS = preset("predecessor_a").model


def tiny(**options: object) -> ModelConfig:
    return ModelConfig(depth=2, base_width=4, **options)


def pictures(height_px: int, width_px: int) -> np.ndarray:
    shape = (2, height_px, width_px, 3)
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


@pytest.mark.parametrize(
    ("config", "num_classes", "parameters"),
    # One class more is 3 x 3 x 16 + 1 parameters more; 1,941,105 is the well-known
    # count of this net with one class, nine more have 17 each.
    [
        (SMALL_DAMAGE, 1, 2_158_833),
        (SMALL_DAMAGE, 2, 2_158_833 + 145),
        (CAR_PARTS, 10, 1_941_105 + 9 * 17),
    ],
    ids=["small_damage", "small_damage_2", "car_parts"],
)
def test_the_predecessors_nets_have_their_parameters(
    config: ModelConfig, num_classes: int, parameters: int
) -> None:
    model = unet(config, num_classes=num_classes, height_px=32, width_px=32)

    assert model.count_params() == parameters


@pytest.mark.parametrize(
    ("config", "places"),
    [
        (SMALL_DAMAGE, [0.25, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25]),
        (CAR_PARTS, [0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.1]),
    ],
    ids=["pools_and_skips", "between_convs"],
)
def test_dropout_stands_where_the_configuration_puts_it(
    config: ModelConfig, places: list[float]
) -> None:
    model = unet(config, num_classes=2, height_px=32, width_px=32)

    rates = [
        layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)
    ]
    assert rates == places


@pytest.mark.parametrize("size", [(32, 32), (16, 48), (64, 20)], ids=str)
def test_logits_have_the_size_of_the_picture_and_are_float32(
    size: tuple[int, int],
) -> None:
    model = unet(tiny(), num_classes=3, height_px=size[0], width_px=size[1])

    logits = model(pictures(*size))

    assert tuple(logits.shape) == (2, *size, 3)
    assert logits.dtype == "float32"


@pytest.mark.parametrize("norm", ["none", "batch", "group"])
@pytest.mark.parametrize("up", ["bilinear", "transpose"])
@pytest.mark.parametrize("activation", ["relu", "elu", "gelu", "silu"])
def test_every_option_gives_a_net_whose_pixels_see_their_surroundings(
    norm: str, up: str, activation: str
) -> None:
    config = tiny(norm=norm, up=up, activation=activation)
    keras.utils.set_random_seed(0)  # a few weights may well be dead ends
    model = unet(config, num_classes=2, height_px=16, width_px=16)
    picture = pictures(16, 16)[:1].astype(np.float32)
    other = picture.copy()
    other[0, 4, 4] = 255 - other[0, 4, 4]

    change = np.abs(np.array(model(picture)) - np.array(model(other))).max(axis=-1)[0]

    assert change[8, 8] > 0
    assert np.isfinite(change).all()


def test_a_picture_of_whole_numbers_or_floats_gives_the_same_logits() -> None:
    model = unet(tiny(), num_classes=2, height_px=16, width_px=16)
    picture = pictures(16, 16)

    np.testing.assert_array_equal(
        np.array(model(picture)), np.array(model(picture.astype(np.float32)))
    )


def test_group_norm_does_not_look_at_the_rest_of_the_batch() -> None:
    model = unet(tiny(norm="group"), num_classes=2, height_px=16, width_px=16)
    picture = pictures(16, 16)

    together, alone = (model(x, training=True) for x in (picture, picture[:1]))

    np.testing.assert_allclose(np.array(together)[:1], np.array(alone), atol=1e-5)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_computes_in_16_bit_and_answers_in_32(policy: str) -> None:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        model = unet(tiny(), num_classes=2, height_px=16, width_px=16)
    finally:
        keras.config.set_dtype_policy(before)

    assert model.get_layer("bottom_conv_0").compute_dtype == policy.removeprefix(
        "mixed_"
    )
    assert model.get_layer("normalisation").compute_dtype == "float32"
    assert model(pictures(16, 16)).dtype == "float32"


@pytest.mark.parametrize(
    ("height_px", "width_px", "sentence"),
    [
        (36, 32, "a height that is a multiple of 16 px, got 36; nearest: 32 or 48"),
        (32, 250, "a width that is a multiple of 16 px, got 250; nearest: 240 or 256"),
        (8, 32, "a height that is a multiple of 16 px, got 8; nearest: 16"),
    ],
)
def test_a_size_that_cannot_be_halved_is_refused(
    height_px: int, width_px: int, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        unet(ModelConfig(), num_classes=2, height_px=height_px, width_px=width_px)


def test_patches_are_joined_at_the_start_and_drawn_again_at_the_end() -> None:
    model = unet(tiny(patch_px=2), num_classes=3, height_px=32, width_px=48)

    assert model.get_layer("down_0_conv_0").output.shape[1:] == (16, 24, 4)
    assert model.output_shape == (None, 32, 48, 3)
    logits = model(pictures(32, 48)).numpy()
    # Positions inside of one patch differ: the head draws each of its pixels.
    assert not np.allclose(logits[:, 0::2, 0::2], logits[:, 1::2, 1::2])


def test_patches_ask_for_a_larger_multiple() -> None:
    with pytest.raises(ValueError, match="unet needs a height that is a multiple of 8"):
        unet(tiny(patch_px=2), num_classes=3, height_px=36, width_px=48)
