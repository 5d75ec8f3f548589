"""Ports that are taken and pools that are silent are told before Beam is loaded."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc

from tfx_pipeline.runners.beam_sharing import serve_pools

ROOT = Path(__file__).parents[3]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens at."""
    with socket.create_server(("localhost", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def closed() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("localhost", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def refusal(module: str, *arguments: str) -> tuple[int, str]:
    """Returns exit code and stderr of a command that writes nothing to stdout."""
    command = [sys.executable, "-m", f"tfx_pipeline.runners.{module}", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_a_pool_that_does_not_answer_is_named(taken: int, closed: int) -> None:
    free = ["--port=0", "--pool-port=0"]

    code, said = refusal(
        "beam_service", *free, "--pools", f"localhost:{taken}", f"localhost:{closed}"
    )

    assert code == 1
    assert said == (
        "beam_service: --pools must be worker pools that answer, got"
        f" localhost:{closed}: [Errno 111] Connection refused; start it first"
        " (python -m tfx_pipeline.runners.beam_worker_pool)\n"
    )


@pytest.mark.parametrize(
    ("module", "option"),
    [
        ("beam_worker_pool", "--port"),
        ("beam_service", "--port"),
        ("beam_service", "--pool-port"),
    ],
)
def test_a_port_in_use_is_one_line(module: str, option: str, taken: int) -> None:
    ports = {} if module == "beam_worker_pool" else {"--port": 0, "--pool-port": 0}
    arguments = [f"{name}={port}" for name, port in (ports | {option: taken}).items()]
    if ports:
        arguments += ["--pools", f"localhost:{taken}"]

    assert refusal(module, *arguments) == (
        1,
        f"{module}: {option} must be a port that is free, got {taken}: Address already"
        " in use; end what listens there, or choose another (0 takes a free one)\n",
    )


def test_a_port_that_another_grpc_server_would_share_is_one_line() -> None:
    server, port = serve_pools(["localhost:1"], 0)
    try:
        code, said = refusal("beam_worker_pool", f"--port={port}")
    finally:
        server.stop(None)

    assert (code, said.count("\n")) == (1, 1)
    assert f"--port must be a port that is free, got {port}: Address already" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port=65536", "--pools=a:1"], "--port: must be 0 to 65535, got '65536'"),
        (["--pools=a:99999"], "--pools: the port of it must be 1 to 65535, got 'a:999"),
        (["--pools=a"], "--pools: it must be a host:port, got 'a'"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_is_no_port_is_wrong_usage(arguments: list[str], sentence: str) -> None:
    code, said = refusal("beam_service", *arguments)

    assert code == 2
    assert sentence in said.splitlines()[-1]


def test_one_port_for_both_is_refused(closed: int) -> None:
    ports = [f"--port={closed}", f"--pool-port={closed}"]

    assert refusal("beam_service", *ports, "--pools", "localhost:1") == (
        1,
        f"beam_service: --pool-port must be another port than --port, got {closed}\n",
    )


def test_a_pool_that_has_gone_is_named_to_the_job(closed: int) -> None:
    server, port = serve_pools([f"localhost:{closed}"], 0)
    try:
        with grpc.insecure_channel(f"localhost:{port}") as channel:
            stub = beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(channel)
            request = beam_fn_api_pb2.StartWorkerRequest(worker_id="one")
            answer = stub.StartWorker(request, timeout=30)
    finally:
        server.stop(None)

    start = f"the worker pool localhost:{closed} does not answer: failed to connect"
    assert answer.error.startswith(start)
