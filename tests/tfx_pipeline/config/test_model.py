"""A model's configuration refuses what no network can be."""

from __future__ import annotations

import pytest

from tfx_pipeline.config.model import ModelConfig


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "unett"}, "no model named 'unett'; did you mean unet?"),
        ({"norm": "layer"}, "model.norm must be one of none, batch, group"),
        ({"up": "nearest"}, "model.up must be one of bilinear, transpose"),
        ({"backbone": "resnet50"}, "model.backbone must be one of resnet18_v2"),
        ({"normalisation": "unit"}, "model.normalisation must be one of minus_one"),
        ({"activation": "tanh"}, "model.activation must be one of relu"),
        ({"dropout_at": "end"}, "model.dropout_at must be one of pools_and_skips"),
        ({"depth": 0}, r"model.depth must be a whole number 1\.\.7, got 0"),
        ({"base_width": 0}, r"model.base_width must be a whole number 1\.\.512, got 0"),
        ({"depth": 2.5}, r"model.depth must be a whole number 1\.\.7, got 2.5"),
        (
            {"decoder_width": 4},
            r"decoder_width must be a whole number 8\.\.1024, got 4",
        ),
        ({"dropout_inner": 1.0}, "model.dropout_inner must be at least 0 and below 1"),
        ({"batch_norm_momentum": 1.0}, "model.batch_norm_momentum must be at least 0"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_an_impossible_value_is_refused_by_name(fields: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ModelConfig(**fields)
