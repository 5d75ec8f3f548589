from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.serving.server.running import free_ports


def run_server(*flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "serving.server", *flags],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def taken_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_in_use_is_said_at_once_in_one_line(
    taken_port: int, tmp_path: Path
) -> None:
    for flag in ("port", "rest_api_port"):
        started = time.monotonic()
        done = run_server(f"--{flag}={taken_port}", f"--model_base_path={tmp_path}")
        seconds = time.monotonic() - started
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == (
            f"python -m serving.server: --{flag} must be free, 127.0.0.1:{taken_port}"
            " cannot be had (Address already in use); stop what uses it, or choose"
            f" another --{flag} or --bind"
        )
        assert seconds < 30  # before TensorFlow and any model


def test_without_a_model_the_server_says_what_it_needs() -> None:
    done = run_server("--port=1")
    assert done.returncode == 255
    assert done.stderr == (
        "python -m serving.server: Failed to start server. Error: INVALID_ARGUMENT:"
        " Both server_options.model_base_path and server_options.model_config_file are"
        " empty! Give --model_base_path=DIR, the folder of 1/, 2/ ...\n"
    )


def test_a_bad_configuration_ends_with_255(tmp_path: Path) -> None:
    file = tmp_path / "models.config"
    file.write_text("model_config_list { config { nme: 3 } }")
    done = run_server(f"--model_config_file={file}")
    assert done.returncode == 255
    line = done.stderr.splitlines()[-1]
    assert "Error parsing text-format tensorflow.serving.ModelServerConfig" in line
    assert f"{file}:1:" in line and '"nme"' in line


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ("--model_base_path=/m", "--batching_parameters_file=/b"),
            "INVALID_ARGUMENT: server_options.batching_parameters_file is set without"
            " setting server_options.enable_batching to true.",
        ),
        (
            ("--model_config_file=LOGS",),
            "INVALID_ARGUMENT: No request-logger-creator provided.",
        ),
    ],
    ids=["batching file without batching", "request logging"],
)
def test_what_the_image_refuses_ends_with_255(
    tmp_path: Path, flags: tuple[str, ...], message: str
) -> None:
    file = tmp_path / "models.config"
    model = 'name: "m" base_path: "/m" model_platform: "tensorflow" logging_config {}'
    file.write_text(f"model_config_list {{ config {{ {model} }} }}")
    done = run_server(*(flag.replace("LOGS", str(file)) for flag in flags))
    assert done.returncode == 255
    assert done.stderr.splitlines()[-1].endswith(
        f": Failed to start server. Error: {message}"
    )


def test_a_model_that_cannot_be_loaded_ends_the_server_with_255(
    tmp_path: Path,
) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "1/saved_model.pb").write_bytes(b"no graph")
    port, _ = free_ports()
    done = run_server(
        f"--port={port}",
        f"--model_base_path={tmp_path}",
        "--max_num_load_retries=1",
        "--load_retry_interval_micros=1000",
    )
    assert done.returncode == 255
    line = done.stderr.splitlines()[-1]
    assert (
        "Failed to start server. Error: UNKNOWN: 1 model(s) did not become available:"
        " {{{name: default version: 1} due to error: "
    ) in line
    assert done.stderr.count("Loading servable {name: default version: 1} failed") == 2


def test_a_flag_without_a_function_is_wrong_usage() -> None:
    done = run_server("--use_alts_credentials=true", "--model_base_path=/m")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "python -m serving.server: --use_alts_credentials has no function in this"
        " server; leave it out, or use the tensorflow/serving image on the same model"
        " folder\n"
    )


def test_the_version_names_both() -> None:
    done = run_server("--version")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("TensorFlow ModelServer: carseg ")
    assert lines[1].startswith("TensorFlow Library: 2.")
