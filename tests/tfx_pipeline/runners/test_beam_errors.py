"""A lost call between the processes of Beam is one line; other errors pass."""

from __future__ import annotations

import socket
from pathlib import Path

import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc

from tests.tfx_pipeline.runners.beam_processes import service_without_pool
from tfx_pipeline.cli.main import main
from tfx_pipeline.config.beam import BeamConfig
from tfx_pipeline.runners.beam_errors import (
    BeamConnectionError,
    as_plain_errors,
    lost_call,
)

# As Beam 2.60 hands on that a pool is gone, shortened where it says nothing new.
NESTED = """Pipeline job-1 failed in state FAILED: Error running pipeline.
Traceback (most recent call last):
  File "fn_runner.py", line 221, in run_via_runner_api
    return self.run_stages(stage_context, stages)
grpc._channel._InactiveRpcError: <_InactiveRpcError of RPC that terminated with:
\tstatus = StatusCode.UNKNOWN
\tdetails = "Exception calling application: <_InactiveRpcError of RPC that ended with:
\tstatus = StatusCode.UNAVAILABLE
\tdetails = "failed to connect to all addresses; ipv4:127.0.0.1:1: refused (111)"
\tdebug_error_string = "UNKNOWN:Error received from peer  {grpc_status:14}"
>"
\tdebug_error_string = "UNKNOWN:Error received from peer  {grpc_status:2}"
>"""
FAILED = "Pipeline job-1 failed in state FAILED: Error running pipeline.\nTraceback\n"
SOURCE = '    raise RuntimeError("Error starting worker: %s" % response.error)\n'


INTERRUPTED = """Traceback (most recent call last):
  File "apache_beam/runners/common.py", line 1501, in process
KeyboardInterrupt [while running 'WriteShard']
"""


def test_an_interrupt_inside_of_the_work_is_one_again() -> None:
    with pytest.raises(KeyboardInterrupt), as_plain_errors(BeamConfig()):
        raise RuntimeError(INTERRUPTED)


def test_an_error_that_only_tells_of_an_interrupt_passes() -> None:
    with pytest.raises(RuntimeError, match="no disk"), as_plain_errors(BeamConfig()):
        raise RuntimeError(f"{INTERRUPTED}OSError: no disk")


def call_of_nobody() -> grpc.RpcError:
    """Returns the error of a call to a port that nobody listens at."""
    with socket.create_server(("localhost", 0)) as closed:
        port = closed.getsockname()[1]
    with grpc.insecure_channel(f"localhost:{port}") as channel:
        stub = beam_job_api_pb2_grpc.JobServiceStub(channel)
        with pytest.raises(grpc.RpcError) as caught:
            stub.GetJobs(beam_job_api_pb2.GetJobsRequest(), timeout=30)
    return caught.value


@pytest.mark.parametrize(
    ("err", "reason"),
    [
        (
            RuntimeError(NESTED),
            "failed to connect to all addresses; ipv4:127.0.0.1:1: refused (111)",
        ),
        (
            RuntimeError(
                f"{FAILED}{SOURCE}RuntimeError: Error starting worker: it is gone"
            ),
            "it is gone",
        ),
        (RuntimeError(f"{FAILED}KeyError: 'mask'"), None),
        (RuntimeError("no kernel"), None),
    ],
    ids=["nested", "not started", "work", "other"],
)
def test_the_innermost_reason_is_found(err: Exception, reason: str | None) -> None:
    assert lost_call(err) == reason


def test_a_call_that_fails_here_is_one_line() -> None:
    engine = BeamConfig()
    with pytest.raises(BeamConnectionError) as caught, as_plain_errors(engine):
        raise call_of_nobody()

    said = str(caught.value)
    assert said.startswith(
        "beam.engine=direct must have a job service and workers that answer, got:"
        " failed to connect to all addresses; last error: "
    )
    assert "\n" not in said


@pytest.mark.parametrize("err", [RuntimeError("no kernel"), ValueError("a")])
def test_another_error_passes(err: Exception) -> None:
    with pytest.raises(type(err)) as caught, as_plain_errors(BeamConfig()):
        raise err
    assert caught.value is err


@pytest.mark.integration
@pytest.mark.parametrize("verb", ["run", "data"])
def test_a_command_whose_worker_pool_has_gone_ends_with_one_line(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with service_without_pool() as (job_endpoint, worker_pool):
        arguments = ["data", "build", "synthetic_cars", f"--data-dir={tmp_path}"]
        if verb == "run":
            arguments = ["run", f"--root={tmp_path}"]
        fields = ["engine=portable", f"job_endpoint={job_endpoint}"]
        fields += [f"worker_pool={worker_pool}"]
        code = main([*arguments, *(f"--set=beam.{field}" for field in fields)])

    *_, line = capsys.readouterr().err.splitlines()
    assert code == 1
    assert line.startswith(
        "carseg: beam.engine=portable must have a job service and workers that answer,"
        " got: the worker pool localhost:"
    )
    assert " does not answer: failed to connect to all addresses; " in line
    assert line.endswith(
        "; start them (docs/beam.md) and run the same command to go on"
    )
