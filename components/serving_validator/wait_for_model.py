"""Waits until a server has the model, or cannot have it any more."""

from __future__ import annotations

import time
from collections.abc import Sequence

from components.serving_validator.call_error import CallError
from components.serving_validator.grpc_client import GrpcClient
from components.serving_validator.rest_client import RestClient
from components.serving_validator.server_process import (
    HOST,
    ServerProcess,
    is_listening,
)
from components.serving_validator.settings import ServingSettings
from components.serving_validator.validation import Check

_POLL_S = 0.05
_ASK_TIMEOUT_S = 2.0  # a question about the state, not about a photo
_QUOTED_LINES = 3
_QUOTED_CHARACTERS = 600


def wait_for_model(
    server: ServerProcess, ports: Sequence[int], settings: ServingSettings
) -> Check:
    """Returns whether gRPC and REST say that the model is available."""
    start = time.monotonic()
    while (waited := time.monotonic() - start) < settings.load_timeout_s:
        if server.exit_code is not None:
            return _died(server)
        if all(map(is_listening, ports)) and _says_available(ports, settings):
            sentence = f"the model was available after {waited:.1f} s"
            return Check(name="load", passed=True, sentence=sentence)
        time.sleep(_POLL_S)
    sentence = (
        f"the model must be available within {settings.load_timeout_s:g} s"
        f" (serve.load_timeout_s), it was not; {quote_log(server)}"
    )
    return Check(name="load", passed=False, sentence=sentence)


def quote_log(server: ServerProcess) -> str:
    """Returns the end of the server's log for a sentence."""
    lines = server.log_end()[-_QUOTED_LINES:]
    quoted = " | ".join(line.strip() for line in lines)[-_QUOTED_CHARACTERS:]
    return f"its log ends: {quoted}" if quoted else "its log is empty"


def _died(server: ServerProcess) -> Check:
    sentence = (
        "the server must load the model, it ended with exit code"
        f" {server.exit_code} before the model was available; {quote_log(server)}"
    )
    return Check(name="load", passed=False, sentence=sentence)


def _says_available(ports: Sequence[int], settings: ServingSettings) -> bool:
    grpc_address, rest_address = (f"{HOST}:{port}" for port in ports)
    rest_client = RestClient(rest_address, settings.model_name, _ASK_TIMEOUT_S)
    try:
        with GrpcClient(grpc_address, settings.model_name, _ASK_TIMEOUT_S) as client:
            return client.is_available() and rest_client.is_available()
    except CallError:  # not yet, or another process has taken the port
        return False
