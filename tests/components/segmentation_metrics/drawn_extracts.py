"""Records with pictures, and TFMA's batch of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf


def serialize(**features: bytes | int) -> bytes:
    example = tf.train.Example()
    for name, value in features.items():
        feature = example.features.feature[name.replace("__", "/")]
        if isinstance(value, bytes):
            feature.bytes_list.value.append(value)
        else:
            feature.int64_list.value.append(value)
    return example.SerializeToString()


def batch_of(records: Sequence[bytes], **more: Any) -> dict[str, Any]:
    """As TFMA's features step leaves it: columns of the records that have them."""
    parsed = [values_of(record) for record in records]
    columns = {
        name: np.array([[values[name]] for values in parsed], object)
        for name in parsed[0]
    }
    return {"input": np.array(records, object), "features": columns, **more}


def values_of(record: bytes) -> Mapping[str, bytes | int]:
    found = {}
    for name, feature in tf.train.Example.FromString(record).features.feature.items():
        values = feature.bytes_list.value or feature.int64_list.value
        (found[name],) = values
    return found
