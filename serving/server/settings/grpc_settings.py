"""How the gRPC side listens and what it allows, read from the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from serving.server.errors import InvalidArgumentError
from serving.server.flags import ServerFlags
from serving.server.settings.ssl_config import SslConfig, read_ssl_config

_INTEGER = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII)
_INT32 = range(-(2**31), 2**31)

Argument = tuple[str, int | str]


@dataclass(frozen=True, kw_only=True)
class GrpcSettings:
    """Everything that GrpcFront needs to know.

    Attributes:
        addresses: Such as `127.0.0.1:8500` or `unix:/run/carseg.sock`.
        threads: Requests that are worked on at a time.
        max_queued: Requests that may wait for a thread; None is no limit.
        max_request_bytes: A message's; -1 is no limit.
        max_request_s: What a request without a deadline may take; None is no limit.
        ssl: TLS; None is none.
        health: Whether grpc.health.v1.Health is answered.
        arguments: Handed to gRPC; they win over our own.
    """

    addresses: tuple[str, ...]
    threads: int = 64
    max_queued: int | None = None
    max_request_bytes: int = -1
    max_request_s: float | None = None
    ssl: SslConfig | None = None
    health: bool = False
    arguments: tuple[Argument, ...] = ()


def grpc_settings(flags: ServerFlags) -> GrpcSettings:
    """Returns what the flags say; reads the file of --ssl_config_file.

    Raises:
        InvalidArgumentError: A flag's text or the file cannot be followed.
    """
    host = f"[{flags.bind}]" if ":" in flags.bind else flags.bind
    addresses = [f"{host}:{flags.port}"]
    if flags.grpc_socket_path:
        addresses.append(f"unix:{flags.grpc_socket_path}")
    return GrpcSettings(
        addresses=tuple(addresses),
        threads=flags.grpc_max_threads,
        max_queued=flags.max_queued_requests or None,
        max_request_bytes=flags.max_request_bytes or -1,
        max_request_s=flags.max_request_seconds or None,
        ssl=read_ssl_config(flags.ssl_config_file) if flags.ssl_config_file else None,
        health=flags.enable_grpc_healthcheck_service,
        arguments=parse_arguments(flags.grpc_channel_arguments),
    )


def parse_arguments(text: str) -> tuple[Argument, ...]:
    """Returns the pairs of `key=value,key=value`; what is a 32-bit integer becomes one.

    Raises:
        InvalidArgumentError: Something else stands between two commas.
    """
    pairs: list[Argument] = []
    for part in text.split(",") if text else ():
        key, equals, value = part.partition("=")
        if not key or not equals or "=" in value:
            raise InvalidArgumentError(
                "--grpc_channel_arguments must be key=value,key=value, got"
                f" {part!r} in {text!r}"
            )
        is_int = _INTEGER.fullmatch(value) and int(value) in _INT32
        pairs.append((key, int(value) if is_int else value))
    return tuple(pairs)
