from __future__ import annotations

import subprocess
import sys
from dataclasses import fields

import pytest

from serving.server.flag_texts import OWN_FLAGS, SHARED_FLAGS
from serving.server.flags import FlagsError, ServerFlags, parse_flags


def parse(*argv: str) -> ServerFlags | None:
    return parse_flags(argv, prog="server")


def test_without_flags_the_defaults_of_tensorflow_serving_hold() -> None:
    flags = parse()
    assert flags is not None
    assert (flags.port, flags.rest_api_port, flags.model_name) == (8500, 0, "default")
    assert (flags.max_num_load_retries, flags.load_retry_interval_micros) == (
        *(5, 60_000_000),
    )
    assert flags.enable_model_warmup and flags.tags == ("serve",)
    assert (flags.bind, flags.max_image_pixels) == ("127.0.0.1", 100_000_000)


def test_values_follow_an_equals_sign_or_a_space() -> None:
    flags = parse("--port=1", "--rest_api_port", "2", "--saved_model_tags=a,b")
    assert flags is not None
    assert (flags.port, flags.rest_api_port, flags.tags) == (1, 2, ("a", "b"))


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("--enable_model_warmup", True),
        ("--enable_model_warmup=true", True),
        ("--enable_model_warmup=1", True),
        ("--enable_model_warmup=false", False),
        ("--enable_model_warmup=False", False),
        ("--enable_model_warmup=0", False),
    ],
)
def test_booleans_read_as_in_tensorflow_serving(argument: str, value: bool) -> None:
    flags = parse(argument)
    assert flags is not None and flags.enable_model_warmup is value


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        (
            "--platform_config_file=x",
            "--platform_config_file has no function in this server; leave it out, or"
            " use the tensorflow/serving image",
        ),
        ("--use_alts_credentials", "--use_alts_credentials has no function in this"),
        ("--no_such_flag=1", "unrecognized arguments: --no_such_flag=1; see --help"),
        ("--por=1", "unrecognized arguments: --por=1"),
        ("stray", "unrecognized arguments: stray"),
        ("--port=0", r"--port must be 1..65535, got 0"),
        ("--rest_api_port=65536", r"--rest_api_port must be 0..65535, got 65536"),
        ("--port=x", "invalid int value: 'x'"),
        ("--enable_model_warmup=maybe", "must be true or false, got 'maybe'"),
        ("--drain_seconds=-1", "--drain_seconds must be 0 or more, got -1"),
        ("--grpc_max_threads=0", "--grpc_max_threads must be 1 or more, got 0"),
        ("--saved_model_tags=", "--saved_model_tags must name a tag"),
        (
            "--request_log_sampling_rate=1.5",
            "--request_log_sampling_rate must be 0..1, got 1.5",
        ),
    ],
)
def test_what_cannot_be_followed_is_refused(argument: str, message: str) -> None:
    with pytest.raises(FlagsError, match=message):
        parse(argument)


def test_the_image_s_command_is_asked_for_in_either_spelling() -> None:
    for argument in ("--print_tensorflow_serving", "--print-tensorflow-serving"):
        flags = parse(argument)
        assert flags is not None and flags.print_tensorflow_serving is True


def test_every_field_is_a_flag_with_a_text() -> None:
    described = {name for name, _, _ in (*SHARED_FLAGS, *OWN_FLAGS)}
    assert described == {field.name for field in fields(ServerFlags)}


def test_the_version_is_no_run() -> None:
    assert parse("--version") is None


def test_help_names_own_and_missing_flags_and_loads_no_tensorflow() -> None:
    code = (
        "import sys\n"
        "from serving.server.process import serve\n"
        "try:\n    serve(['--help'])\n"
        "except SystemExit as ended:\n"
        "    sys.exit(9 if 'tensorflow' in sys.modules else ended.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    shared, own = done.stdout.split("own flags, which tensorflow_model_server lacks:")
    assert "--model_base_path" in shared and "--bind" in own
    assert "refused: --platform_config_file, --prefer_tflite_model" in own
