"""`carseg compile`: writes the file, or says in one line why not."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tfx_pipeline.cli import main as cli
from tfx_pipeline.config.kubeflow import SHARED_NODES

IMAGE = "registry.example/carseg:1"
GIVEN = ["compile", "--image", IMAGE, "--pipeline-root", "s3://models"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--image", "A"], "--image must be a container image such as"),
        (["--pipeline-root", "here"], "--pipeline-root must be s3://, gs:// or"),
        (["--pipeline-root", "s3://M_/c"], "bucket of --pipeline-root must have 3 to"),
        (["--out", "pipeline.json"], "must end in .yaml or .yml, got 'pipeline.json'"),
        (["--out", "nowhere/a.yaml"], "must lie in an existing folder, got 'nowhere/"),
        (["--preset", "smok"], "no preset named 'smok'; did you mean smoke"),
        (["--set", "run.name=Car_seg"], "run.name must be lower-case letters, digits"),
        (["--set", "kubeflow.nodes.Trainr.retries=1"], "did you mean Trainer"),
        (["--set", "kubeflow.nodes.Trainer.cpu_limit=-1"], "cpu_limit must be above 0"),
        (["--manual-dir", "cars"], "data.manual_dir must be an absolute path in the"),
        (["--set", "push.directory=served"], "push.directory must be an absolute pa"),
        (["--set", "training.base_model=/m"], "training.base_model must be a URI for"),
        (
            [f"--set=beam.{pair}" for pair in ("engine=flink", "job_endpoint=a:1")]
            + ["--set=beam.worker_pool=a:2"],
            "beam.engine must be direct for Kubeflow, got 'flink'",
        ),
        (["--described-by", "nowhere"], "--described-by must be an existing folder"),
    ],
    ids=lambda value: "_".join(value)[:40] if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused_before_anything_is_loaded(
    options: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    assert cli.main([*GIVEN, *options]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("carseg: ")
    assert captured.err.count("\n") == 1
    assert sentence in captured.err
    assert list(tmp_path.iterdir()) == []


def test_a_missing_kfp_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from tfx.orchestration.kubeflow import v2

    name = "kubeflow_v2_dag_runner"
    monkeypatch.delattr(v2, name, raising=False)
    monkeypatch.setitem(sys.modules, f"{v2.__name__}.{name}", None)

    assert cli.main([*GIVEN, "--out", str(tmp_path / "a.yaml")]) == 2

    _, line = capsys.readouterr().err.splitlines()  # after "loading TFX ..."
    assert line.startswith("carseg: carseg compile needs the package kfp, which fails")
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_the_file_and_says_what_is_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pipeline.yaml"
    arguments = ["compile", "--preset", "smoke", "--image", IMAGE]
    arguments += ["--pipeline-root", f"file://{tmp_path}/root", "--out", str(path)]
    arguments += ["--manual-dir", "/nowhere/cars", "--set", "run.until=audit"]

    assert cli.main([*arguments, "--json"]) == 0

    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert (answer["path"], answer["pipeline"]) == (str(path), "carseg")
    assert answer["nodes"] == sorted(SHARED_NODES[:-1])
    assert answer["parameters"]["data_path"]["defaultValue"] == "/nowhere/cars"
    assert answer["platform_spec"] is False
    assert "data.manual_dir is /nowhere/cars, which is lost with" in captured.err
    assert [entry.name for entry in tmp_path.iterdir()] == ["pipeline.yaml"]
    written = path.read_bytes()
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out == f"{path}: carseg with 6 nodes\n"
    assert path.read_bytes() == written
