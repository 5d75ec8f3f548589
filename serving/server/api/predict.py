"""What a predict request means, whichever way it came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2

from serving.server.api.call import CallOptions, run
from serving.server.api.tensor_proto import from_proto, write_as_field
from serving.server.errors import (
    Code,
    FailedPreconditionError,
    InvalidArgumentError,
    ServingError,
)
from serving.server.models.servable import Runner

DEFAULT_SIGNATURE = tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY
# The method names of what Keras, Estimators and TensorFlow's own tools write.
_METHODS = (
    tf.saved_model.PREDICT_METHOD_NAME,
    tf.saved_model.CLASSIFY_METHOD_NAME,
    tf.saved_model.REGRESS_METHOD_NAME,
)


def predict(
    runner: Runner, request: Any, options: CallOptions
) -> predict_pb2.PredictResponse:
    """Answers a PredictRequest; fills all of the response but name and version.

    Raises:
        ServingError: In TensorFlow Serving's words, or in those of the graph.
    """
    signature_name = request.model_spec.signature_name or DEFAULT_SIGNATURE
    if signature_name not in runner.signatures:
        raise FailedPreconditionError(
            f'Serving signature key "{signature_name}" not found.'
        )
    signature = runner.signatures[signature_name]
    if options.checks_method_names:
        check_method(signature)
    inputs = _read_inputs(signature, request.inputs)
    wanted = choose_outputs(signature, request.output_filter)
    response = predict_pb2.PredictResponse()
    response.model_spec.signature_name = signature_name
    outputs = run(runner, signature_name, inputs, wanted, options)
    for name, array in outputs.items():
        write_as_field(array, response.outputs[name])
    return response


def check_method(signature: Any) -> None:
    """Refuses a signature whose method is none that Predict asks."""
    if signature.method_name not in _METHODS:
        raise ServingError(
            "Expected prediction signature method_name to be one of"
            f" {{{', '.join(_METHODS)}}}. Was: {signature.method_name}",
            Code.INTERNAL,
        )


def choose_outputs(signature: Any, output_filter: Sequence[str]) -> set[str]:
    """Returns the outputs that are wanted: all where none is named."""
    wanted: set[str] = set()
    for name in output_filter:
        if name not in signature.outputs:
            raise InvalidArgumentError(
                f"output tensor alias not found in signature: {name} Outputs expected"
                f" to be in the set {{{_list(signature.outputs)}}}."
            )
        if name in wanted:
            raise InvalidArgumentError(f"duplicate output tensor alias: {name}")
        wanted.add(name)
    return wanted or set(signature.outputs)


def _read_inputs(signature: Any, sent: Any) -> dict[str, np.ndarray]:
    _check_number(signature, sent)
    arrays = {}
    for name in sorted(signature.inputs):
        if name in sent:
            arrays[name] = from_proto(sent[name], name)
        elif name in signature.defaults:
            arrays[name] = from_proto(signature.defaults[name], name)
        else:
            raise InvalidArgumentError(
                f"Signature input alias: {name}(feed name:"
                f" {signature.inputs[name].name}) not found in request and no default"
                " value provided. Inputs expected to be in the request"
                f" {{{_list(sent)}}}, or default input alias set:"
                f" {_list(signature.defaults)}"
            )
    unused = sorted(set(sent) - set(arrays))
    if unused:
        raise InvalidArgumentError(
            "Inputs contains invalid name. Used request inputs:"
            f" {_list(set(sent) & set(arrays))}, request input: {_list(sent)}"
        )
    return arrays


def _check_number(signature: Any, sent: Any) -> None:
    few = len(sent) < len(signature.inputs) and not signature.defaults
    if len(sent) > len(signature.inputs) or few:
        extra = set(sent) - set(signature.inputs)
        missing = set(signature.inputs) - set(sent)
        raise InvalidArgumentError(
            f"input size does not match signature: {len(sent)}!="
            f"{len(signature.inputs)} len({{{_list(sent)}}}) !="
            f" len({{{_list(signature.inputs)}}}). Sent extra: {{{_list(extra)}}}."
            f" Missing but required: {{{_list(missing)}}}."
        )


def _list(names: Collection[str]) -> str:
    return ",".join(sorted(names))
