"""A SavedModel whose answers can be worked out in the head, and who serves it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf

from serving.server.api.service import ModelService
from serving.server.models.model_manager import ModelManager
from serving.server.models.session_runner import SessionRunner
from tests.serving.server.api.settled_service import settled_service
from tests.serving.server.models.fake_loader import wait_until

MODEL = "m"
VERSIONS = (3, 5)
TYPES = (
    *("float", "double", "int8", "uint8", "int16", "int32", "int64", "uint32"),
    *("uint64", "bool", "string", "half", "bfloat16", "uint16", "complex64"),
)


def export_small_model(folder: Path) -> None:
    """Writes a model with a signature for each thing that REST must get right."""
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        x, text = v1.placeholder(tf.float32), v1.placeholder(tf.string)
        a, b = v1.placeholder(tf.float32), v1.placeholder(tf.int32)
        signatures = {
            "serving_default": ({"x": x}, {"y": x * 0.5 + 2}),
            "two": ({"a": a, "b": b}, {"s": a + tf.cast(b, tf.float32), "t": 2 * b}),
            "text": (
                {"x": text},
                {"raw": tf.identity(text), "raw_bytes": tf.identity(text)},
            ),
            "sum": ({"x": x}, {"y": tf.reduce_sum(x)}),
            "unequal": ({"x": x}, {"a": tf.identity(x), "b": tf.concat([x, x], 0)}),
            "third": ({"x": x}, {"y": x / 3}),
            "constant": ({}, {"y": tf.constant([1.0])}),
        }
        for name in TYPES:
            value = v1.placeholder(tf.as_dtype(name))
            signatures[f"echo_{name}"] = ({"x": value}, {"y": tf.identity(value)})
        builder = v1.saved_model.Builder(str(folder))
        builder.add_meta_graph_and_variables(
            session,
            ["serve"],
            {name: _signature(*tensors) for name, tensors in signatures.items()},
        )
        builder.save()


def _signature(inputs: dict[str, tf.Tensor], outputs: dict[str, tf.Tensor]) -> Any:
    sides = [
        {
            alias: tf.compat.v1.saved_model.build_tensor_info(tensor)
            for alias, tensor in side.items()
        }
        for side in (inputs, outputs)
    ]
    return tf.compat.v1.saved_model.build_signature_def(
        *sides, method_name="tensorflow/serving/predict"
    )


@contextlib.contextmanager
def small_service(folder: Path) -> Iterator[ModelService]:
    """Has two versions of the model in this process."""
    export_small_model(folder)
    manager = ModelManager(lambda _name, path: SessionRunner(path))
    manager.aspire(MODEL, dict.fromkeys(VERSIONS, str(folder)))
    wait_until(lambda: _states(manager) == dict.fromkeys(VERSIONS, "AVAILABLE"), 120)
    yield settled_service(manager)
    manager.close()


def _states(manager: ModelManager) -> dict[int, str]:
    return {item.version: item.state.name for item in manager.statuses(MODEL)}
