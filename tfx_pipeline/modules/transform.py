"""`preprocessing_fn` of the Transform node: records in, prepared pictures out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from tfx_pipeline.config.transform_settings import TransformSettings
from tfx_pipeline.data.transform_records import PASSED_ON, transform_records


def preprocessing_fn(
    inputs: Mapping[str, tf.Tensor], custom_config: Mapping[str, Any]
) -> dict[str, tf.Tensor]:
    """Returns more rows than it gets: a training record brings its augmented copies.

    Args:
        inputs: A batch of the record's features, each [batch, 1].
        custom_config: JSON form of `TransformSettings`.
    """
    settings = TransformSettings.from_dict(custom_config)
    names = ("image", "orientation", *PASSED_ON)
    columns = {name: _column(inputs, name) for name in names}
    columns["mask"] = _column(inputs, f"mask/{settings.task}")
    return transform_records(columns, settings)


def _column(inputs: Mapping[str, tf.Tensor], name: str) -> tf.Tensor:
    column = inputs.get(name)
    if not isinstance(column, tf.Tensor):
        raise ValueError(
            f"each record must have one {name!r}, got {column!r}; give Transform the"
            " curated schema (tfx_pipeline.pipeline.record_schema)"
        )
    return tf.reshape(column, [-1])
