"""grpc.health.v1.Health, asked by bytes that a client of any language sends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from serving.server.rpc.grpc_front import GrpcFront
from tests.serving.server.asking import refused
from tests.serving.server.rpc.fronts import answer, answering_with, open_front, raw_call

CHECK = "/grpc.health.v1.Health/Check"
WATCH = "/grpc.health.v1.Health/Watch"
SERVING, NOT_SERVING, SERVICE_UNKNOWN = b"\x08\x01", b"\x08\x02", b"\x08\x03"


@pytest.fixture
def health() -> Iterator[tuple[GrpcFront, grpc.Channel]]:
    service = answering_with(lambda _request, _until: answer(""))
    with (
        open_front(service, threads=2, health=True) as (front, address),
        grpc.insecure_channel(address) as channel,
    ):
        yield front, channel


def asked(service: str) -> bytes:
    name = service.encode()
    return b"\n" + bytes([len(name)]) + name if name else b""


@pytest.mark.parametrize("service", ["", "ModelService", "PredictionService"])
def test_what_tensorflow_serving_reports_on_is_serving(
    health: Any, service: str
) -> None:
    assert raw_call(health[1], CHECK)(asked(service), timeout=30) == SERVING


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (
            asked("tensorflow.serving.PredictionService"),
            ("NOT_FOUND", "service name unknown"),
        ),
        (b"\xff", ("INVALID_ARGUMENT", "could not decode request")),
        (
            b"\n\xc9\x01" + b"x" * 201,
            ("INVALID_ARGUMENT", "could not decode request"),
        ),
    ],
    ids=["full name", "no message", "long name"],
)
def test_other_questions_are_refused(
    health: Any, data: bytes, wanted: tuple[str, str]
) -> None:
    assert refused(raw_call(health[1], CHECK), data) == wanted


def test_watchers_hold_no_thread_and_hear_of_the_end(health: Any) -> None:
    front, channel = health
    names = ["", "ModelService", "nobody", "PredictionService"]  # more than threads
    streams = [channel.unary_stream(WATCH)(asked(name), timeout=60) for name in names]
    first = [next(stream) for stream in streams]
    assert first == [SERVING, SERVING, SERVICE_UNKNOWN, SERVING]
    assert raw_call(channel, CHECK)(b"", timeout=30) == SERVING
    streams[0].cancel()
    with contextlib.suppress(grpc.RpcError):
        next(streams[0])
    stopped = front.stop(60)
    assert [list(stream) for stream in streams[1:]] == [
        [NOT_SERVING],
        [],
        [NOT_SERVING],
    ]
    assert stopped.wait(30)  # well before the 60 s that a running call would have
