"""What a Classify request means, whichever way it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import classification_pb2

from serving.server.api.call import CallOptions
from serving.server.api.examples import (
    ExampleMethod,
    check_input_name,
    check_input_number,
    shape_text,
)
from serving.server.errors import FailedPreconditionError, InvalidArgumentError
from serving.server.models.servable import Runner
from serving.server.type_names import enum_name

_CLASSES, _SCORES = "classes", "scores"
_TYPES = {_CLASSES: "DT_STRING", _SCORES: "DT_FLOAT"}


def classify(
    runner: Runner, request: Any, options: CallOptions
) -> classification_pb2.ClassificationResponse:
    """Answers a ClassificationRequest; fills all but name and version of the model.

    Raises:
        ServingError: In TensorFlow Serving's words, or in those of the graph.
    """
    response = classification_pb2.ClassificationResponse()
    CLASSIFICATION.answer(runner, request, options, response)
    return response


def _choose_outputs(signature: Any) -> set[str]:
    check_input_number(signature)
    if len(signature.outputs) not in (1, 2):
        raise InvalidArgumentError(
            f"Expected one or two output Tensors, found {len(signature.outputs)}"
        )
    check_input_name(signature, "classification")
    wanted = {_CLASSES, _SCORES} & set(signature.outputs)
    if not wanted:
        raise InvalidArgumentError(
            "Expected classification signature outputs to contain at least one of"
            f' "{_CLASSES}" or "{_SCORES}". Signature was: {signature}'
        )
    return wanted


def _fill_result(
    outputs: Mapping[str, np.ndarray],
    count: int,
    result: classification_pb2.ClassificationResult,
) -> None:
    for name in (_CLASSES, _SCORES):
        if name in outputs:
            _check_output(name, outputs[name], count)
    widths = [array.shape[1] for _, array in sorted(outputs.items())]
    if len(set(widths)) > 1:
        raise InvalidArgumentError(
            "Tensors class and score should match in dim_size(1). Got"
            f" {widths[0]} vs. {widths[1]}"
        )
    shape = (count, widths[0])
    labels = outputs.get(_CLASSES, np.full(shape, b"", object)).tolist()
    scores = outputs.get(_SCORES, np.zeros(shape, np.float32)).tolist()
    for row, (row_labels, row_scores) in enumerate(zip(labels, scores, strict=True)):
        classes = result.classifications.add().classes
        for label, score in zip(row_labels, row_scores, strict=True):
            classes.add(label=_decode(label, row), score=score)


def _check_output(name: str, array: np.ndarray, count: int) -> None:
    if array.ndim != 2:
        raise InvalidArgumentError(
            "Expected Tensor shape: [batch_size num_classes] but got"
            f" {shape_text(array)}"
        )
    if enum_name(array.dtype) != _TYPES[name]:
        raise InvalidArgumentError(
            f"Expected {name} Tensor of {_TYPES[name]}. Got: {enum_name(array.dtype)}"
        )
    if len(array) != count:
        raise InvalidArgumentError(
            f"Expected {name} output batch size of {count}. Got: {len(array)}"
        )


def _decode(label: bytes, row: int) -> str:
    try:
        return label.decode()
    except UnicodeDecodeError as err:
        raise FailedPreconditionError(
            f"labels of classes must be UTF-8, got {label[:40]!r} for example {row};"
            " a model's bytes can be had by Predict"
        ) from err


CLASSIFICATION = ExampleMethod(
    name=tf.saved_model.CLASSIFY_METHOD_NAME,
    noun="classification",
    choose_outputs=_choose_outputs,
    fill_result=_fill_result,
)
