from __future__ import annotations

import dataclasses
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from serving.server.docker_command import IMAGE, docker_command, left_out
from serving.server.errors import InvalidArgumentError
from serving.server.flag_texts import OWN_FLAGS
from serving.server.flags import ServerFlags, parse_flags
from serving.server.process import serve

# Writes down what it is called with, as JSON.
_DOCKER = f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n"


@dataclasses.dataclass(frozen=True)
class Called:
    """What a docker is asked for."""

    ports: list[str]
    mounts: list[tuple[str, str, str]]
    flags: list[str]


def read_call(words: list[str]) -> Called:
    assert words[:2] == ["run", "--rm"]
    image = words.index(IMAGE)
    pairs = list(zip(words[2:image:2], words[3:image:2], strict=True))
    assert {option for option, _ in pairs} <= {"-p", "-v"}
    mounts = [f"{value}:rw".split(":")[:3] for option, value in pairs if option == "-v"]
    return Called(
        ports=[value for option, value in pairs if option == "-p"],
        mounts=[(outside, inside, mode) for outside, inside, mode in mounts],
        flags=words[image + 1 :],
    )


def run_in_shell(line: str, folder: Path) -> Called:
    """Runs the line with a docker that only tells what it is asked."""
    fake = folder / "bin/docker"
    fake.parent.mkdir()
    fake.write_text(_DOCKER)
    fake.chmod(0o755)
    assert subprocess.run(["bash", "-n", "-c", line], check=False).returncode == 0
    path = f"{fake.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", line],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return read_call(json.loads(done.stdout))


def own_flags(flags: ServerFlags) -> dict[str, object]:
    return {name: getattr(flags, name) for name, _, _ in OWN_FLAGS}


@pytest.fixture(autouse=True)
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves this process's own handlers, which a server would replace."""
    monkeypatch.setattr("serving.server.process.StopSignal.install", lambda _: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name a shell would take apart."""
    made = tmp_path / "a b; $(echo c) 'd"
    made.mkdir()
    return made


def test_the_printed_line_gives_docker_the_same_configuration(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bases = [folder / "first model", tmp_path / "second", folder / "first model/inner"]
    models = folder / "models.config"
    entries = [
        f"config {{ name: 'm{number}' model_platform: 'tensorflow'"
        f" base_path: {json.dumps(str(base))} }}"
        for number, base in enumerate([*bases, "gs://bucket/third"])
    ]
    models.write_text(f"model_config_list {{ {' '.join(entries)} }}")
    argv = [
        *("--port=8600", "--rest_api_port=8601", f"--model_config_file={models}"),
        *("--enable_model_warmup=false", "--rest_api_timeout_in_ms=77"),
        *("--saved_model_tags=serve,gpu", "--grpc_channel_arguments=a=b,c=2"),
        *("--per_process_gpu_memory_fraction=0.25", "--bind=0.0.0.0"),
        *(f"--monitoring_config_file={folder}/monitoring.config", "--drain_seconds=3"),
        f"--batching_parameters_file={tmp_path}/batching.config",
        *("--enable_batching", "--print-tensorflow-serving"),
    ]
    assert serve(argv) == 0
    printed = capsys.readouterr()
    assert printed.err.splitlines() == [
        "# left out: --bind=0.0.0.0; -p names the address",
        "# left out: --drain_seconds=3.0",
    ]
    (line,) = printed.out.splitlines()
    called = run_in_shell(line, tmp_path)
    assert called.ports == ["8600:8600", "8601:8601"]
    wanted = [
        *(bases[0], bases[1], models),
        *(folder / "monitoring.config", tmp_path / "batching.config"),
    ]
    assert called.mounts == sorted((str(path), str(path), "ro") for path in wanted)
    given, again = (parse_flags(words, prog="s") for words in (argv, called.flags))
    assert given is not None and again is not None
    assert dataclasses.replace(again, **own_flags(given)) == given
    assert own_flags(again) == own_flags(ServerFlags())


def test_one_model_by_flags_is_mounted_from_its_full_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    flags = ServerFlags(
        model_base_path="models/cars",
        model_name="cars",
        grpc_socket_path="run/cars.sock",
    )
    words = shlex.split(docker_command(flags, [f"{tmp_path}/models/cars"]))
    called = read_call(words[1:])
    base = f"{tmp_path}/models/cars"
    assert called.ports == ["127.0.0.1:8500:8500"]
    assert called.mounts == [
        (base, base, "ro"),
        (f"{tmp_path}/run", f"{tmp_path}/run", "rw"),
    ]
    assert called.flags == [
        "--port=8500",
        f"--grpc_socket_path={tmp_path}/run/cars.sock",
        "--rest_api_port=0",  # else the image's entrypoint opens 8501
        *("--model_name=cars", f"--model_base_path={base}"),
    ]
    assert left_out(flags) == []


def test_a_configuration_that_is_read_again_is_mounted_with_its_folder(
    tmp_path: Path,
) -> None:
    file = tmp_path / "etc/models.config"
    flags = ServerFlags(
        model_config_file=str(file), model_config_file_poll_wait_seconds=30
    )
    words = shlex.split(docker_command(flags, [f"{tmp_path}/etc/models"]))
    etc = str(file.parent)
    assert read_call(words[1:]).mounts == [(etc, etc, "ro")]


@pytest.mark.parametrize(
    ("bind", "port"),
    [
        ("::1", "[::1]:8500:8500"),
        ("localhost", "127.0.0.1:8500:8500"),
        ("::", "8500:8500"),
        ("10.0.0.7", "10.0.0.7:8500:8500"),
    ],
)
def test_the_port_is_published_where_our_server_listens(bind: str, port: str) -> None:
    words = shlex.split(docker_command(ServerFlags(bind=bind), ["/m"]))
    assert read_call(words[1:]).ports == [port]


def test_a_remote_model_is_not_mounted() -> None:
    flags = ServerFlags(model_base_path="s3://bucket/cars")
    words = shlex.split(docker_command(flags, ["s3://bucket/cars"]))
    called = read_call(words[1:])
    assert called.mounts == []
    assert "--model_base_path=s3://bucket/cars" in called.flags


def test_a_path_that_docker_would_cut_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match=r"no path with a colon, got '/a:b'"):
        docker_command(ServerFlags(), ["/a:b"])


def test_what_is_wrong_with_the_configuration_is_said_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["--print_tensorflow_serving", f"--model_config_file={tmp_path}/none"]
    assert serve(argv) == 255
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "--model_config_file must be a readable file" in printed.err
