"""Models are built by name from the configuration alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from keras import layers

from tfx_pipeline.config.model import MODEL_NAMES, ModelConfig
from tfx_pipeline.modeling.registry import MODELS, build_model

# Between them they take every branch of the architectures.
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "unet": [
        {"norm": "none", "dropout_at": "between_convs", "up": "transpose"},
        {"norm": "batch", "dropout_at": "pools_and_skips", "up": "bilinear"},
    ],
    "deeplab_v3_plus": [{"backbone": "mobilenet_v3_small"}],
}


class ReadingConfig(ModelConfig):
    """Remembers which of its fields were read."""

    def __getattribute__(self, name: str) -> Any:
        if name in ModelConfig.__dataclass_fields__:
            vars(self).setdefault("read", set()).add(name)
        return object.__getattribute__(self, name)


def small(name: str, **options: Any) -> ModelConfig:
    return ModelConfig(
        **{
            "name": name,
            "base_width": 4,
            "backbone": "mobilenet_v3_small",
            "decoder_width": 16,
        }
        | options
    )


def test_the_names_are_those_that_the_configuration_accepts() -> None:
    assert tuple(MODELS) == MODEL_NAMES


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_every_name_builds_logits_of_the_asked_size_behind_our_first_layer(
    name: str,
) -> None:
    model = build_model(small(name), num_classes=5, height_px=32, width_px=64)

    assert model.input_shape == (None, 32, 64, 3)
    assert model.output_shape == (None, 32, 64, 5)
    assert model.name == name
    assert [layer.name for layer in model.layers[:2]] == ["image", "normalisation"]
    scaling = layers.Rescaling | layers.Normalization
    assert not [x for x in model._flatten_layers() if isinstance(x, scaling)]


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_the_options_that_are_told_are_those_that_are_read(name: str) -> None:
    read: set[str] = set()
    for options in VARIANTS[name]:
        config = ReadingConfig(name=name, depth=2, base_width=4, **options)
        vars(config)["read"] = set()
        build_model(config, num_classes=2, height_px=32, width_px=32)
        read |= vars(config)["read"]

    assert read - {"name"} == set(MODELS[name].options)


def test_every_option_of_a_model_reaches_it() -> None:
    config = small(
        "deeplab_v3_plus",
        decoder_width=24,
        normalisation="imagenet",
        batch_norm_momentum=0.5,
    )

    model = build_model(config, num_classes=2, height_px=32, width_px=32)

    arguments = model.get_config()
    for field in ("backbone", "decoder_width", "normalisation", "batch_norm_momentum"):
        assert arguments[field] == getattr(config, field)


def test_no_class_is_refused() -> None:
    config = dataclasses.replace(ModelConfig(), depth=1)

    with pytest.raises(ValueError, match="num_classes must be 1 or more, got 0"):
        build_model(config, num_classes=0, height_px=32, width_px=32)
