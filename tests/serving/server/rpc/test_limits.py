"""Messages, deadlines and queues of the gRPC side, over a service that is made up."""

from __future__ import annotations

import threading
from typing import Any

import grpc
import pytest

from serving.server.errors import InvalidArgumentError
from tests.serving.server.asking import refused
from tests.serving.server.rpc.fronts import (
    answer,
    answering_with,
    named,
    open_front,
    raw_call,
    seconds_left,
)

UNLIMITED = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
]
MIB = 2**20


def echo(request: Any, _until: float | None) -> Any:
    return answer(request.model_spec.name)


@pytest.mark.parametrize(
    "compression",
    [grpc.Compression.NoCompression, grpc.Compression.Gzip],
    ids=["plain", "gzip"],
)
def test_forty_mebibytes_go_in_and_out(compression: grpc.Compression) -> None:
    name = "name" * 10 * MIB
    with (
        open_front(answering_with(echo)) as (_, address),
        grpc.insecure_channel(address, UNLIMITED) as channel,
    ):
        got = raw_call(channel)(named(name), timeout=60, compression=compression)
    assert len(got) > 40 * MIB
    same = got == answer(name).SerializeToString()  # else pytest would show both
    assert same


def test_a_message_above_the_limit_is_refused() -> None:
    with (
        open_front(answering_with(echo), max_request_bytes=1000) as (_, address),
        grpc.insecure_channel(address) as channel,
    ):
        call = raw_call(channel)
        assert call(named("x" * 900), timeout=30)
        code, message = refused(call, named("x" * 1100))
    assert code == "RESOURCE_EXHAUSTED"
    assert message.endswith("(1106 vs. 1000)")


@pytest.mark.parametrize("length", [1023, 1024, 1025])
def test_long_messages_are_cut_as_in_tensorflow_serving(length: int) -> None:
    def fail(_request: Any, _until: float | None) -> Any:
        raise InvalidArgumentError("ä" * length)

    wanted = "ä" * length if length <= 1024 else "ä" * 1024 + "...TRUNCATED"
    with (
        open_front(answering_with(fail)) as (_, address),
        grpc.insecure_channel(address) as channel,
    ):
        assert refused(raw_call(channel), b"") == ("INVALID_ARGUMENT", wanted)


def test_the_deadline_reaches_the_call_and_a_missing_one_is_set() -> None:
    left: list[float | None] = []

    def note(_request: Any, until: float | None) -> Any:
        left.append(None if until is None else seconds_left(until))
        return answer("")

    for max_request_s in (7200.0, None):
        with (
            open_front(answering_with(note), max_request_s=max_request_s) as (_, at),
            grpc.insecure_channel(at) as channel,
        ):
            raw_call(channel)(b"", timeout=900.5)
            raw_call(channel)(b"")
    timed, limited, timed_too, for_ever = left
    assert timed is not None and timed_too is not None and limited is not None
    # A deadline this far away travels in whole seconds, rounded up.
    assert 600 < timed <= 901 and 600 < timed_too <= 901
    assert 7000 < limited <= 7200
    assert for_ever is None


def test_more_requests_than_may_wait_are_refused() -> None:
    running, finish = threading.Semaphore(0), threading.Event()

    def wait(_request: Any, _until: float | None) -> Any:
        running.release()
        assert finish.wait(60)
        return answer("")

    with (
        open_front(answering_with(wait), threads=1, max_queued=2) as (_, address),
        grpc.insecure_channel(address) as channel,
    ):
        call = raw_call(channel)
        accepted = [call.future(b"", timeout=60)]
        assert running.acquire(timeout=60)
        futures = [call.future(b"", timeout=60) for _ in range(4)]
        # Two of the four wait; the others are refused at once, in whichever order.
        done = threading.Semaphore(0)
        for future in futures:
            future.add_done_callback(lambda _: done.release())
        assert done.acquire(timeout=60) and done.acquire(timeout=60)
        refusals = [future for future in futures if future.done()]
        finish.set()
        assert [f.code() for f in refusals] == [grpc.StatusCode.RESOURCE_EXHAUSTED] * 2
        accepted += [future for future in futures if future not in refusals]
        assert len([future.result() for future in accepted]) == 3


def test_bytes_that_are_no_message_are_the_clients_mistake() -> None:
    with (
        open_front(answering_with(echo)) as (_, address),
        grpc.insecure_channel(address) as channel,
    ):
        assert refused(raw_call(channel), b"\xff\xff") == (
            *("INVALID_ARGUMENT", "the bytes are no PredictRequest"),
        )


def test_there_is_neither_reflection_nor_health_by_default() -> None:
    methods = (
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/grpc.health.v1.Health/Check",
    )
    with (
        open_front(answering_with(echo)) as (_, address),
        grpc.insecure_channel(address) as channel,
    ):
        codes = [refused(raw_call(channel, method), b"")[0] for method in methods]
    assert codes == ["UNIMPLEMENTED"] * 2


def test_arguments_of_the_command_line_win() -> None:
    arguments = (("grpc.max_receive_message_length", 500), ("grpc.primary_user", "x"))
    with (
        open_front(answering_with(echo), arguments=arguments) as (_, address),
        grpc.insecure_channel(address) as channel,
    ):
        code, message = refused(raw_call(channel), named("x" * 600))
    assert code == "RESOURCE_EXHAUSTED" and message.endswith("vs. 500)")
