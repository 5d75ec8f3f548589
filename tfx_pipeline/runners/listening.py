"""Who listens where: asked before an address is called, or listened at."""

from __future__ import annotations

import argparse
import os
import socket

from tfx_pipeline.config.beam_rules import LAST_PORT, require_address

_TIMEOUT_S = 10.0


def connect(address: str) -> None:
    """Connects to host:port, and ends the connection.

    Raises:
        ConnectionError: Nobody answers; the message is the reason, in one line.
    """
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _TIMEOUT_S).close()
    except OSError as err:
        raise ConnectionError(" ".join(str(err).split())) from err


def require_free(option: str, port: int) -> None:
    """Refuses a port that somebody listens at.

    gRPC itself would say so in many lines, or, where the other one is gRPC, too, share
    the port with it: every second call would go astray.

    Raises:
        OSError: It is taken, or may not be had.
    """
    try:
        socket.create_server(("", port)).close()
    except OSError as err:
        raise OSError(
            f"{option} must be a port that is free, got {port}: {_reason(err)}; end"
            " what listens there, or choose another (0 takes a free one)"
        ) from err


def _reason(err: OSError) -> str:
    # `socket.create_server` repeats the address in its own words.
    return os.strerror(err.errno) if err.errno else str(err)


def port_argument(text: str) -> int:
    """Returns a port of the command line; 0 stands for a free one."""
    if text.isdecimal() and int(text) <= LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"must be 0 to {LAST_PORT}, got {text!r}")


def address_argument(text: str) -> str:
    """Returns a host:port of the command line."""
    try:
        require_address("it", text)
    except ValueError as err:
        raise argparse.ArgumentTypeError(str(err)) from err
    return text
