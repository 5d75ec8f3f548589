"""Requests that are valid, damaged, or made of random fields; each knows its call."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    predict_pb2,
)

from tests.serving.server import example_model as judge

GRAPHS = "graphs"
_MAX_VALUES = 100_000  # in a shape: more only makes a test slow
_MAX_TAG = 30  # field 3 of every wire type


@dataclass(frozen=True)
class Drawn:
    """A request, the RPC that takes it, and a check of the answer to a valid one."""

    rpc: str
    request: Any
    check: Callable[[Any], bool] | None = None


def valid(rng: random.Random) -> Drawn:
    """Returns a request whose answer is known."""
    makers = (_add, _echo, _classify, _regress, _multi_inference, _metadata, _status)
    return rng.choice(makers)(rng)


def damaged(rng: random.Random) -> Drawn:
    """Returns a valid request after a few bytes were changed, that still parses."""
    while True:
        whole = valid(rng)
        data = bytearray(whole.request.SerializeToString())
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(data))
            data[place : place + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
        drawn = _parsed(whole, bytes(data))
        if drawn is not None:
            return drawn


def made_up(rng: random.Random) -> Drawn:
    """Returns a request out of random fields."""
    while True:
        data = b"".join(_field(rng) for _ in range(rng.randint(0, 4)))
        drawn = _parsed(valid(rng), data)
        if drawn is not None:
            return drawn


def _parsed(like: Drawn, data: bytes) -> Drawn | None:
    try:
        request = type(like.request).FromString(data)
    except DecodeError:
        return None
    for proto in getattr(request, "inputs", {}).values():
        sizes = [dim.size for dim in proto.tensor_shape.dim]
        if abs(math.prod(sizes)) > _MAX_VALUES:
            return None
    return Drawn(like.rpc, request)


def _field(rng: random.Random) -> bytes:
    body = rng.randbytes(rng.randint(0, 12))
    if rng.random() < 0.7:  # a string or a message
        tag = rng.randint(1, _MAX_TAG // 8) * 8 + 2
        return bytes([tag, len(body)]) + body
    return bytes([rng.randint(0, _MAX_TAG)]) + body


def _predict(signature: str, name: str, values: Any) -> Any:
    request = predict_pb2.PredictRequest()
    request.model_spec.name = GRAPHS
    request.model_spec.signature_name = signature
    request.inputs[name].CopyFrom(tf.make_tensor_proto(values))
    return request


def _add(rng: random.Random) -> Drawn:
    numbers = np.float32([[rng.random()] for _ in range(rng.randint(0, 3))])
    wanted = (numbers + 1).ravel().tolist()
    return Drawn(
        "predict",
        _predict("add", "x", numbers.reshape(-1, 1)),
        lambda answer: list(answer.outputs["y"].float_val) == wanted,
    )


def _echo(rng: random.Random) -> Drawn:
    text = [rng.randbytes(rng.randint(0, 9)) for _ in range(rng.randint(1, 3))]
    return Drawn(
        "predict",
        _predict("echo", "text", text),
        lambda answer: list(answer.outputs["text"].string_val) == text,
    )


def _examples(rng: random.Random) -> tuple[Any, list[list[float]]]:
    numbers = judge.drawn_numbers(rng.randint(1, 3), seed=rng.randrange(2**31))
    return judge.listed(*map(judge.example, numbers)), numbers.tolist()


def _classify(rng: random.Random) -> Drawn:
    sent, numbers = _examples(rng)
    return Drawn(
        "classify",
        judge.classification(sent),
        lambda answer: _scores(answer.result) == numbers,
    )


def _scores(result: Any) -> list[list[float]]:
    return [[score for _, score in row] for row in judge.pairs(result)]


def _regress(rng: random.Random) -> Drawn:
    sent, numbers = _examples(rng)
    wanted = [float(np.float32(left) - np.float32(right)) for left, right in numbers]
    return Drawn(
        "regress",
        judge.regression(sent),
        lambda answer: judge.values(answer.result) == wanted,
    )


def _multi_inference(rng: random.Random) -> Drawn:
    sent, numbers = _examples(rng)
    request = judge.inferences(
        sent, ("serving_default", judge.CLASSIFY), ("number", judge.REGRESS)
    )
    return Drawn(
        "multi_inference",
        request,
        lambda answer: (
            _scores(answer.results[0].classification_result) == numbers
            and len(answer.results[1].regression_result.regressions) == len(numbers)
        ),
    )


def _metadata(_rng: random.Random) -> Drawn:
    request = get_model_metadata_pb2.GetModelMetadataRequest(
        metadata_field=["signature_def"]
    )
    request.model_spec.name = GRAPHS
    return Drawn("metadata", request, lambda answer: "signature_def" in answer.metadata)


def _status(_rng: random.Random) -> Drawn:
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = GRAPHS
    return Drawn(
        "status",
        request,
        lambda answer: [v.version for v in answer.model_version_status] == [1],
    )
