"""Nodes started as Kubeflow's launcher starts them, in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tfx_pipeline.runners.kubeflow.run_node import ROOT_VARIABLE, main

pytestmark = pytest.mark.integration

MODULE = "tests.tfx_pipeline.runners.kubeflow.tiny_nodes"
WRITTEN = {
    "model": "tfx.Model",
    "empty": "components.DatasetAudit",
    "word": "tfx.String",
}
OUTPUTS = {
    "WriterExecutor": WRITTEN,
    "ReaderExecutor": {"blessing": "tfx.ModelBlessing"},
}
URI = "s3://cars/runs/1"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The container's root."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    return tmp_path


def artifact(key: str, **fields: Any) -> dict[str, Any]:
    return {"artifacts": [{"uri": f"{URI}/{key}", **fields}]}


def types(titles: dict[str, str]) -> dict[str, Any]:
    return {
        key: {"artifactType": {"instanceSchema": f"title: {title}\ntype: object\n"}}
        for key, title in titles.items()
    }


def run(root: Path, executor: str, **executor_input: Any) -> tuple[int, dict[str, Any]]:
    """Returns exit code and ExecutorOutput."""
    file = root / executor / "output_metadata.json"
    executor_input["outputs"]["outputFile"] = str(file)
    parameters = executor_input["inputs"]["parameterValues"]
    declared = {
        name: {
            "parameterType": "STRING" if isinstance(value, str) else "NUMBER_INTEGER"
        }
        for name, value in parameters.items()
    }
    code = main(
        [
            f"--executor_class_path={MODULE}.{executor}",
            "--json_serialized_invocation_args",
            json.dumps(executor_input),
            "--json_serialized_inputs_spec_args",
            json.dumps({"parameters": declared, "artifacts": types(WRITTEN)}),
            "--json_serialized_outputs_spec_args",
            json.dumps({"artifacts": types(OUTPUTS[executor])}),
            "--direct_num_workers=1",
        ]
    )
    return code, json.loads(file.read_text("utf-8")) if code == 0 else {}


def write(root: Path, blessed: int = 1) -> dict[str, Any]:
    outputs = {
        key: artifact(key, type={"schemaTitle": "system.Artifact"})
        for key in (*WRITTEN, "executor-logs")
    }
    code, output = run(
        root,
        "WriterExecutor",
        inputs={"parameterValues": {"blessed": float(blessed), "word": "wheel"}},
        outputs={"artifacts": outputs, "parameters": {"word": {"outputFile": "x"}}},
    )
    assert code == 0
    return output


def read(root: Path, model: dict[str, Any], fault: str = "") -> Any:
    empty = {"instanceSchema": ""}  # as a driver with ML Metadata gives it
    inputs = {
        key: artifact(key, type=empty, name=name, **more)
        for key, name, more in (
            ("model", "4711", model),
            ("empty", "4712", {}),
            ("word", "4713", {"metadata": {"display_name": "word"}}),
        )
    }
    values = {"given_word": "wheel", "count": 3.0, "fault": fault}
    return run(
        root,
        "ReaderExecutor",
        inputs={"parameterValues": values, "artifacts": inputs},
        outputs={"artifacts": {"blessing": artifact("blessing")}},
    )


def test_outputs_lie_where_the_launcher_uploads_from(root: Path) -> None:
    write(root)

    assert (root / "s3/cars/runs/1/model/weights").read_text("utf-8") == "1 2 3"
    assert (root / "s3/cars/runs/1/word").read_text("utf-8") == "wheel"


def test_the_launcher_is_told_uris_and_metadata_that_it_can_store(root: Path) -> None:
    output = write(root)

    (model,) = output["artifacts"]["model"]["artifacts"]
    assert model["uri"] == f"{URI}/model"
    facts = model["metadata"]
    assert facts.pop("tfx_version")
    assert facts == {"blessed": 1.0, "file": f"{URI}/model/weights"}
    assert output["parameterValues"] == {"word": "wheel"}
    assert set(output["artifacts"]) == set(WRITTEN)


def test_a_node_reads_what_another_one_wrote(root: Path) -> None:
    write(root)
    (root / "s3/cars/runs/1/empty").rmdir()  # the launcher stores no empty folder

    facts = {"blessed": 1.0, "store_session_info": "{}"}
    code, output = read(root, {"metadata": facts})

    assert code == 0
    seen = json.loads((root / "s3/cars/runs/1/blessing/seen.json").read_text("utf-8"))
    assert seen == {
        "weights": "1 2 3",
        "blessed": 1,
        "word": "wheel",
        "given_word": "wheel",
        "empty": [],
        "count": 3,
    }
    (blessing,) = output["artifacts"]["blessing"]["artifacts"]
    assert blessing["metadata"]["current_model_id"] == "4711"


def test_an_error_that_a_user_can_mend_is_one_line(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root)
    capsys.readouterr()

    assert read(root, {}, fault="ours") == (1, {})
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "carseg: give another word"


def test_any_other_error_keeps_its_traceback(root: Path) -> None:
    write(root)

    with pytest.raises(ValueError, match="invalid literal for int"):
        read(root, {}, fault="a library's")
