"""What a Regress request means, whichever way it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import regression_pb2

from serving.server.api.call import CallOptions
from serving.server.api.examples import (
    ExampleMethod,
    check_input_name,
    check_input_number,
    shape_text,
)
from serving.server.errors import InvalidArgumentError
from serving.server.models.servable import Runner
from serving.server.type_names import enum_name

_OUTPUT = "outputs"


def regress(
    runner: Runner, request: Any, options: CallOptions
) -> regression_pb2.RegressionResponse:
    """Answers a RegressionRequest; fills all but name and version of the model.

    Raises:
        ServingError: In TensorFlow Serving's words, or in those of the graph.
    """
    response = regression_pb2.RegressionResponse()
    REGRESSION.answer(runner, request, options, response)
    return response


def _choose_outputs(signature: Any) -> set[str]:
    check_input_number(signature)
    if len(signature.outputs) != 1:
        raise InvalidArgumentError("Expected one output Tensor.")
    check_input_name(signature, "regression")
    if _OUTPUT not in signature.outputs:
        raise InvalidArgumentError(
            f"No regression outputs found in SignatureDef: {signature}"
        )
    return {_OUTPUT}


def _fill_result(
    outputs: Mapping[str, np.ndarray],
    count: int,
    result: regression_pb2.RegressionResult,
) -> None:
    array = outputs[_OUTPUT]
    if array.ndim != 1 and (array.ndim != 2 or array.shape[1] != 1):
        raise InvalidArgumentError(
            "Expected output Tensor shape to be either [batch_size] or [batch_size, 1]"
            f" but got {shape_text(array)}"
        )
    if len(array) != count:
        raise InvalidArgumentError(
            f"Input batch size did not match output batch size: {count} vs."
            f" {len(array)}"
        )
    if enum_name(array.dtype) != "DT_FLOAT":
        raise InvalidArgumentError(
            f"Expected output Tensor of DT_FLOAT.  Got: {enum_name(array.dtype)}"
        )
    for value in array.ravel().tolist():
        result.regressions.add(value=value)


REGRESSION = ExampleMethod(
    name=tf.saved_model.REGRESS_METHOD_NAME,
    noun="regression",
    choose_outputs=_choose_outputs,
    fill_result=_fill_result,
)
