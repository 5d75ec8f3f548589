"""What the flags say about the gRPC side."""

from __future__ import annotations

import pytest

from serving.server.errors import InvalidArgumentError
from serving.server.flags import ServerFlags
from serving.server.settings.grpc_settings import (
    GrpcSettings,
    grpc_settings,
    parse_arguments,
)


def test_the_flags_become_settings() -> None:
    flags = ServerFlags(
        port=8501,
        bind="::1",
        grpc_socket_path="run/carseg.sock",
        grpc_max_threads=3,
        grpc_channel_arguments="a=1",
        enable_grpc_healthcheck_service=True,
        max_queued_requests=5,
        max_request_bytes=1000,
        max_request_seconds=2.5,
    )
    assert grpc_settings(flags) == GrpcSettings(
        addresses=("[::1]:8501", "unix:run/carseg.sock"),
        threads=3,
        max_queued=5,
        max_request_bytes=1000,
        max_request_s=2.5,
        health=True,
        arguments=(("a", 1),),
    )


def test_zero_is_no_limit() -> None:
    flags = ServerFlags(
        max_queued_requests=0, max_request_bytes=0, max_request_seconds=0
    )
    settings = grpc_settings(flags)
    assert settings.max_queued is settings.max_request_s is None
    assert settings.max_request_bytes == -1


def test_integers_of_32_bits_are_parsed_and_all_else_is_text() -> None:
    text = "grpc.a=5,b=-2147483648,c=2147483648,d=1.5,e="
    assert parse_arguments(text) == (
        ("grpc.a", 5),
        ("b", -(2**31)),
        ("c", "2147483648"),
        ("d", "1.5"),
        ("e", ""),
    )
    assert parse_arguments("") == ()


@pytest.mark.parametrize("text", ["a", "a=1,", "=1", "a=1=2", "a=1,,b=2"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    words = "--grpc_channel_arguments must be key=value,key=value, got "
    with pytest.raises(InvalidArgumentError) as raised:
        parse_arguments(text)
    assert raised.value.message.startswith(words)
    assert raised.value.message.endswith(f" in {text!r}")
