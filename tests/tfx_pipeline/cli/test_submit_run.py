"""`carseg submit-run` through kfp's client, against a server that is not Kubeflow.

The server (`kubeflow_api`) stands in for the cluster's API: it answers the few calls
that the client makes and keeps what it was given. No pipeline runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tfx_pipeline.runners.kubeflow.kubeflow_api import KubeflowApi, kubeflow_api
from tests.tfx_pipeline.runners.kubeflow.small_spec import small_spec
from tfx_pipeline.cli import main as cli
from tfx_pipeline.runners.kubeflow.package import Package, write_package


@pytest.fixture
def api() -> Iterator[KubeflowApi]:
    with kubeflow_api() as api:
        yield api


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    path = tmp_path / "pipeline.yaml"
    spec = {**small_spec(), "defaultPipelineRoot": "s3://bucket/root"}
    texts = {name: {"parameterType": "STRING"} for name in ("data_path", "dataset")}
    spec["root"]["inputDefinitions"]["parameters"] |= texts
    write_package(Package(spec=spec), path)
    return path


def _submit(api: KubeflowApi, pipeline: Path, *options: str) -> int:
    arguments = ["--host", api.url, "--pipeline", str(pipeline), *options]
    return cli.main(["submit-run", *arguments])


def test_the_bytes_are_uploaded_and_a_run_of_them_is_started(
    api: KubeflowApi, pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--run-name", "first", "--param", "steps=12", "--json"]

    assert _submit(api, pipeline, *options) == 0

    answer = json.loads(capsys.readouterr().out)
    url = f"{api.url}/#/runs/details/id-1"
    assert answer == {"run_id": "id-1", "url": url, "state": "PENDING"}
    assert api.pipelines == {"small": [("small", pipeline.read_bytes())]}
    assert api.experiments == ["carseg"]
    (run,) = api.runs
    assert run["display_name"] == "first"
    assert run["experiment_id"] == "id-carseg"
    assert run["pipeline_version_reference"] == {
        "pipeline_id": "id-small",
        "pipeline_version_id": "id-small",
    }
    assert run["runtime_config"] == {
        "parameters": {"steps": 12},
        "pipeline_root": "s3://bucket/root",
    }


def test_a_changed_pipeline_is_a_new_version_and_an_unchanged_one_is_not(
    api: KubeflowApi, pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _submit(api, pipeline) == 0
    pipeline.write_bytes(pipeline.read_bytes() + b"# changed\n")
    assert _submit(api, pipeline) == 0
    assert _submit(api, pipeline) == 0

    versions = api.pipelines["small"]
    assert len(versions) == 2
    assert versions[0][0] == "small"
    assert versions[1][1] == pipeline.read_bytes()
    used = [
        run["pipeline_version_reference"]["pipeline_version_id"] for run in api.runs
    ]
    assert used == ["id-small", f"id-{versions[1][0]}", f"id-{versions[1][0]}"]
    assert capsys.readouterr().out.startswith("run_id: id-1\nurl: http://127.0.0.1")


@pytest.mark.parametrize(
    ("states", "code"),
    [(["RUNNING", "SUCCEEDED"], 0), (["RUNNING", "FAILED"], 1), (["CANCELED"], 1)],
)
def test_waiting_ends_with_the_run_and_tells_by_the_exit_code(
    states: list[str],
    code: int,
    api: KubeflowApi,
    pipeline: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    api.states = list(states)

    assert _submit(api, pipeline, "--wait", "--poll-s", "0.01") == code

    captured = capsys.readouterr()
    assert captured.out.splitlines()[-1] == f"state: {states[-1]}"
    assert [line for line in captured.err.splitlines() if line.isupper()] == states
    assert api.states == []


def test_a_token_is_sent(api: KubeflowApi, pipeline: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abc\n")

    assert _submit(api, pipeline, "--token-file", str(tmp_path / "token")) == 0

    assert api.authorization == "Bearer abc"


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (
            ["--param", "stps=1"],
            (2, "no parameter of this pipeline named 'stps'; did y"),
        ),
        (
            ["--param", "steps=many"],
            (2, "steps must be of the type NUMBER_INTEGER, got"),
        ),
        (
            ["--param", "steps=-5"],
            (2, "--param steps must be 0 or more batches per epoch, got '-5'"),
        ),
        (
            ["--param", "dataset="],
            (2, "--param dataset must be NAME or NAME/CONFIG, got ''"),
        ),
        (
            ["--param", "data_path=cars"],
            (2, "--param data_path must be an absolute path in the containers, got"),
        ),
        (["--wait", "--poll-s", "-1"], (2, "--poll-s must be above 0 and at most")),
        (["--poll-s=0"], (2, "--poll-s must be above 0 and at most 3600, got 0.0")),
        (["--poll-s=nan"], (2, "--poll-s must be above 0 and at most 3600, got nan")),
        (["--poll-s=inf"], (2, "--poll-s must be above 0 and at most 3600, got inf")),
        (["--param", "steps"], (2, "--param must look like name=value, got 'steps'")),
        (
            ["--pipeline", "none.yaml"],
            (2, "cannot read the pipeline none.yaml: No such"),
        ),
        (["--token-file", "none"], (2, "cannot read --token-file none: No such file")),
        (["--host", "127.0.0.1"], (2, "--host must begin with http:// or https://")),
        (["--host", "http://127.0.0.1:1"], (1, "cannot be reached: [Errno 111]")),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused_in_one_line(
    options: list[str],
    refusal: tuple[int, str],
    api: KubeflowApi,
    pipeline: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, sentence = refusal
    assert _submit(api, pipeline, *options) == code

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("carseg: ")
    assert captured.err.count("\n") == 1
    assert sentence in captured.err
    assert (api.pipelines, api.experiments, api.runs) == ({}, [], [])


def test_a_file_written_by_hand_is_refused_before_the_network_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text("pipelineInfo: {name: a}\nroot: {dag: {tasks: {}}}\n")
    nobody = ["--host=http://127.0.0.1:1", f"--pipeline={path}", "--run-name=first"]

    assert cli.main(["submit-run", *nobody]) == 2

    assert capsys.readouterr().err == (
        f"carseg: {path} must be a pipeline that carseg compile has written; compile it"
        " again\n"
    )


def test_a_refusal_of_kubeflow_is_one_line(
    api: KubeflowApi, pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api.refusal = (403, "no right to create runs")

    assert _submit(api, pipeline) == 1

    line = f"carseg: {api.url} refuses: 403 Forbidden: no right to create runs\n"
    assert capsys.readouterr().err == line


def test_a_server_that_is_not_kubeflow_is_told_from_one(
    api: KubeflowApi, pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(*_: Any) -> Any:
        return 404, "no such page"

    api.answer = answer  # type: ignore[method-assign]

    assert _submit(api, pipeline) == 1

    assert "refuses: 404 Not Found; check --host" in capsys.readouterr().err
