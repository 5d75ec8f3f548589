"""`carseg serve` hands its flags to the server and its exit code back."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest

from tfx_pipeline.cli.main import build_parser
from tfx_pipeline.cli.serve import run

MAIN = """
import sys
from tfx_pipeline.cli.main import main
code = main(["serve", *sys.argv[1:]])
sys.exit(code if "tensorflow" not in sys.modules else 99)
"""


def parse(*arguments: str) -> argparse.Namespace:
    return build_parser().parse_args(["serve", *arguments])


@pytest.mark.parametrize(
    "flags",
    [[], ["--help"], ["--port=1", "--bind", "::1"], ["-h"], ["--enable_model_warmup"]],
    ids=" ".join,
)
def test_every_flag_reaches_the_server_as_it_is(flags: list[str]) -> None:
    assert parse(*flags).flags == flags


def test_help_is_the_servers(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(parse("--help"))
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: carseg serve [-h]")
    assert "--model_base_path" in text and "--max_image_pixels" in text


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (["--no_such_flag"], 2, "carseg serve: unrecognized arguments: --no_such_flag"),
        (["--use_alts_credentials"], 2, "--use_alts_credentials has no function in"),
        ([], 255, "model_config_file are empty! Give --model_base_path=DIR"),
    ],
    ids=["unknown", "refused", "no model"],
)
def test_mistakes_are_said_before_tensorflow_is_loaded(
    flags: list[str], code: int, words: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *flags],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert words in done.stderr and len(done.stderr.splitlines()) == 1
