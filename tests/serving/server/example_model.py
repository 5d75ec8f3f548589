"""A SavedModel that classifies and regresses tf.Examples, and what a test sends it.

An example has the numbers `x` (two) and the string `name`. Its scores are `x`, its
classes `NAME-left` and `NAME-right`, its regression is x[0] - x[1].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import (
    classification_pb2,
    inference_pb2,
    input_pb2,
    regression_pb2,
)

CLASSIFY, REGRESS = "tensorflow/serving/classify", "tensorflow/serving/regress"
MODEL = "judge"


def export_example_model(folder: Path) -> None:
    v1 = tf.compat.v1
    with v1.Graph().as_default(), v1.Session() as session:
        builder = v1.saved_model.Builder(str(folder))
        builder.add_meta_graph_and_variables(
            session,
            [tf.saved_model.SERVING],
            signature_def_map={
                name: v1.saved_model.build_signature_def(
                    _infos(inputs), _infos(outputs), method
                )
                for name, (method, inputs, outputs) in _signatures().items()
            },
        )
        builder.save()


def _infos(tensors: Mapping[str, tf.Tensor]) -> dict[str, Any]:
    build = tf.compat.v1.saved_model.build_tensor_info
    return {name: build(tensor) for name, tensor in tensors.items()}


def _signatures() -> dict[str, tuple[str, dict[str, Any], dict[str, Any]]]:
    """Returns method, inputs and outputs of signatures that fit and that do not."""
    serialized = tf.compat.v1.placeholder(tf.string, [None], "examples")
    other = tf.compat.v1.placeholder(tf.string, [None], "other")
    features = {
        "x": tf.io.FixedLenFeature([2], tf.float32),
        "name": tf.io.FixedLenFeature([1], tf.string, ""),
    }
    parsed = tf.io.parse_example(serialized, features)
    scores = tf.identity(parsed["x"], "scores")
    classes = tf.concat(
        [tf.strings.join([parsed["name"], end]) for end in ("-left", "-right")], axis=1
    )
    value = scores[:, 0] - scores[:, 1]
    one = {"inputs": serialized}
    return {
        "serving_default": (CLASSIFY, one, {"classes": classes, "scores": scores}),
        "classes": (CLASSIFY, one, {"classes": classes}),
        "scores": (CLASSIFY, one, {"scores": scores, "logits": scores[:, :1]}),
        "number": (REGRESS, one, {"outputs": value}),
        "column": (REGRESS, one, {"outputs": value[:, tf.newaxis]}),
        "two_inputs": ("", one | {"other": other}, {"scores": scores}),
        "other_input": ("", {"x": serialized}, {"scores": scores}),
        "other_value": ("", {"x": serialized}, {"outputs": value}),
        "three": ("", one, {"a": scores, "b": scores, "classes": classes}),
        "logits": (CLASSIFY, one, {"logits": scores}),
        "flat": (CLASSIFY, one, {"scores": value}),
        "codes": (CLASSIFY, one, {"classes": tf.cast(scores, tf.int64)}),
        "doubles": (CLASSIFY, one, {"scores": tf.cast(scores, tf.float64)}),
        "first": (CLASSIFY, one, {"scores": scores[:1]}),
        "narrow": (CLASSIFY, one, {"classes": classes, "scores": scores[:, :1]}),
        "bytes": (CLASSIFY, one, {"classes": tf.fill(tf.shape(scores), b"\xff")}),
        "pair": (REGRESS, one, {"outputs": scores}),
        "first_number": (REGRESS, one, {"outputs": value[:1]}),
        "double": (REGRESS, one, {"outputs": tf.cast(value, tf.float64)}),
        "elsewhere": (REGRESS, {"inputs": other}, {"outputs": tf.zeros_like(value)}),
    }


def drawn_numbers(count: int, seed: int = 0) -> np.ndarray:
    """Returns what `x` of each example is to be, [count, 2]."""
    return np.random.default_rng(seed).normal(size=(count, 2)).astype(np.float32)


def example(numbers: Iterable[float] | None = None, name: str = "") -> Any:
    made = tf.train.Example()
    if numbers is not None:
        made.features.feature["x"].float_list.value.extend(numbers)
    if name:
        made.features.feature["name"].bytes_list.value.append(name.encode())
    return made


def listed(*examples: Any, context: Any = None) -> Any:
    """Returns an Input of either kind."""
    if context is None:
        plain = input_pb2.ExampleList(examples=examples)
        return input_pb2.Input(example_list=plain)
    merged = input_pb2.ExampleListWithContext(examples=examples, context=context)
    return input_pb2.Input(example_list_with_context=merged)


def classification(sent: Any, signature: str = "") -> Any:
    request = classification_pb2.ClassificationRequest(input=sent)
    return _addressed(request, signature)


def regression(sent: Any, signature: str = "number") -> Any:
    return _addressed(regression_pb2.RegressionRequest(input=sent), signature)


def _addressed(request: Any, signature: str) -> Any:
    request.model_spec.name = MODEL
    request.model_spec.signature_name = signature
    return request


def inferences(sent: Any, *tasks: tuple[str, str], model: str = MODEL) -> Any:
    """Returns a MultiInferenceRequest of (signature, method) pairs."""
    request = inference_pb2.MultiInferenceRequest(input=sent)
    for signature, method in tasks:
        task = request.tasks.add(method_name=method)
        task.model_spec.name = model
        task.model_spec.signature_name = signature
    return request


def pairs(result: Any) -> list[list[tuple[str, float]]]:
    """Returns labels and scores of a ClassificationResult."""
    return [
        [(found.label, found.score) for found in item.classes]
        for item in result.classifications
    ]


def values(result: Any) -> list[float]:
    """Returns the numbers of a RegressionResult."""
    return [item.value for item in result.regressions]
