"""The command line answers wrong usage at once, in one line, by its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tfds_builders.listing import WrongFolderError
from tfx_pipeline.cli import main as cli
from tfx_pipeline.config.pipeline_config import PipelineConfig


def test_help_names_every_verb_and_every_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])

    text = capsys.readouterr().out
    assert ended.value.code == 0
    verbs = "demo data run report gate compare serve predict predict-all submit models"
    others = "compile submit-run show-config doctor"
    for verb in (*verbs.split(), *others.split()):
        assert f"    {verb} " in text or f"    {verb}\n" in text
    assert "0 done, 1 failed, 2 wrong usage, 3 refused by a gate" in text


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["run", "--preset", "smok"], 2, "no preset named 'smok'; did you mean smoke"),
        (["run", "--set", "data.tsk=a"], 2, "no field of data named 'tsk'"),
        (["run", "--set", "data.max_skipped_share=2"], 2, "max_skipped_share must be"),
        (["run", "--dataset", "carvan"], 2, "named 'carvan'; did you mean"),
        (["run", "--set", "task=a"], 2, "must look like stage.field=value"),
        (["run", "--config", "none.yaml"], 2, "cannot read the configuration none"),
        (["run", "--manual-dir", "nowhere"], 2, "existing folder, got 'nowhere'"),
        (["data", "build", "synthetic_car"], 2, "did you mean synthetic_cars"),
        (["data", "preview", "synthetic_cars", "--count", "0"], 2, "--count must be"),
        (
            ["data", "preview", "synthetic_cars", "--augment", "caravana"],
            *(2, "no augment policy named 'caravana'; did you mean carvana?"),
        ),
        (
            ["data", "preview", "synthetic_cars", "--copies", "2"],
            *(2, "--copies must come with --augment, got --copies 2 alone"),
        ),
        (
            ["data", "preview", "synthetic_cars", "--augment", "--copies", "65"],
            *(2, "--copies must be 1..64, got 65"),
        ),
        (
            ["show-config", "--set", "gate.values=[{metric: mioux, at_least: 0.4}]"],
            *(2, "gate.values: there is no metric named 'mioux'; did you mean miou"),
        ),
        (["run", "--root", "/dev/null/x"], 1, "--root must be a folder that can be"),
        (["data", "audit", "synthetic_cars", "--data-dir", "/dev/null"], 1, "--data-d"),
    ],
    ids=lambda value: "_".join(value)[:40] if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused_in_one_line(
    arguments: list[str], code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == code

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("carseg: ")
    assert captured.err.count("\n") == 1
    assert sentence in captured.err


def test_debug_adds_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--debug", "run", "--preset", "x"]) == 2

    assert "Traceback" in capsys.readouterr().err


def test_a_folder_that_does_not_fit_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: object) -> int:
        raise WrongFolderError("the rule, the value\n and the way out")

    monkeypatch.setattr("tfx_pipeline.cli.models.run", refuse)

    assert cli.main(["models", "list"]) == 2
    assert capsys.readouterr().err == "carseg: the rule, the value and the way out\n"


def test_a_shown_configuration_reads_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("data: {task: parts}\nbeam: {workers: 2}\n")
    arguments = ["--config", str(file), "--set", "beam.workers=3"]

    assert cli.main(["show-config", "--preset", "local", *arguments]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert cli.main(["show-config", "--preset", "local", "--json", *arguments]) == 0
    as_json = json.loads(capsys.readouterr().out)

    assert shown == as_json
    config = PipelineConfig.from_dict(shown)
    assert (config.data.task, config.beam.workers) == ("parts", 3)
    assert config.data.options["examples"] == 2000


def test_another_dataset_comes_with_its_own_defaults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def shown(*arguments: str) -> dict:
        assert cli.main(["show-config", "--json", *arguments]) == 0
        return json.loads(capsys.readouterr().out)["data"]

    drawn = shown("--dataset", "synthetic_cars")
    assert drawn["options"]["examples"] == 400  # the preset's own dataset
    own = ["--manual-dir", str(tmp_path), "--set", "data.options.group_regex=a"]
    mine = shown("--dataset", "folder_masks/b", "--task", "parts", *own)
    assert (mine["builder"], mine["config"], mine["task"]) == (
        "folder_masks",
        "b",
        "parts",
    )
    assert mine["options"] == {"group_regex": "a"}
    assert mine["manual_dir"] == str(tmp_path)
    assert shown("--dataset", "folder_masks")["task"] is None


def test_the_command_starts_without_any_heavy_library() -> None:
    code = (
        "import sys; from tfx_pipeline.cli.main import build_parser; build_parser();"
        "print([n for n in ('tensorflow', 'tfx', 'numpy', 'keras', 'apache_beam')"
        " if n in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
