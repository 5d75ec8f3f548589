"""Settings of the gRPC side that end the server at once, in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serving.server.test_process import run_server


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        (
            "--grpc_channel_arguments=grpc.a",
            "--grpc_channel_arguments must be key=value,key=value, got 'grpc.a' in"
            " 'grpc.a'",
        ),
        (
            "--ssl_config_file={folder}/ssl.config",
            "--ssl_config_file '{folder}/ssl.config': server_key and server_cert must"
            " be a PEM key without a password and its PEM certificate",
        ),
    ],
    ids=["arguments", "tls"],
)
def test_the_server_ends_with_255_and_one_line(
    tmp_path: Path, flag: str, words: str
) -> None:
    (tmp_path / "ssl.config").write_text('server_key: "broken"')
    flags = flag.format(folder=tmp_path), f"--model_base_path={tmp_path}"
    done = run_server("--port=1", *flags)
    assert done.returncode == 255
    start = "python -m serving.server: Failed to start server. Error: INVALID_ARGUMENT:"
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{start} {words.format(folder=tmp_path)}")
