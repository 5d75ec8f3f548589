"""Compiled pipelines, walked as Kubeflow would, from drawn cars to a served model.

What is not here is a cluster: pods, volumes, Argo, and Kubeflow's own code. The walk
follows the Go sources that its files name. Nodes run by the commands of the compiled
file; most of them in forks of a process that has loaded TFX (`ir_walk/containers.py`),
the Pusher in a process of its own.
"""

from __future__ import annotations

import base64
import io
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import numpy as np
import pytest
from moto.server import ThreadedMotoServer
from PIL import Image

from tests.serving.server.running import running_server
from tests.tfds_builders import drawn_photos as drawn
from tests.tfx_pipeline.runners.kubeflow.ir_walk.compiled import Compiled
from tests.tfx_pipeline.runners.kubeflow.ir_walk.containers import (
    Container,
    ContainerHost,
    forked_processes,
)
from tests.tfx_pipeline.runners.kubeflow.ir_walk.launcher import (
    ContainerFailed,
    Launcher,
)
from tests.tfx_pipeline.runners.kubeflow.ir_walk.object_stores import InPlace, S3Store
from tests.tfx_pipeline.runners.kubeflow.ir_walk.walk import Walk, walk

pytestmark = pytest.mark.e2e

SETTINGS: dict[str, Any] = {
    "data": {
        "options": {"examples": 80, "height_px": 64, "width_px": 64, "seed": 7},
        "verify_bytes": False,
    },
    "prepare": {"height_px": 64, "width_px": 64},
    "model": {"depth": 2, "base_width": 8},
    "training": {"epochs": 5},
    "evaluate": {"bootstrap_replicates": 100},
    "gate": {
        "values": [{"metric": "foreground_miou", "at_least": 0.1}],
        "mean_mask_margin": 0.0,
        "min_groups": 2,
    },
}
BEFORE_THE_AUDIT = {
    "SourceFingerprint",
    "TfdsExampleGen",
    "RecordSchema",
    "StatisticsGen",
    "ExampleValidator",
    "DatasetAuditor",
}
BEHIND_THE_AUDIT = {
    "Transform",
    "Trainer",
    "LiveModel",
    "Evaluator",
    "ModelGate",
    "ModelPackager",
    "ServingValidator",
    "ModelPusher",
    "EvaluationReporter",
}
BUCKET = "cars"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("walks")


@pytest.fixture(scope="module")
def host(folder: Path) -> Iterator[ContainerHost]:
    with forked_processes(folder, own={"ModelPusher"}) as processes:
        yield processes


@pytest.fixture(scope="module")
def pipeline(folder: Path, host: ContainerHost) -> Compiled:
    return compiled(folder / "compile", host, SETTINGS)


@pytest.fixture(scope="module")
def walked(folder: Path, host: ContainerHost, pipeline: Compiled) -> Walk:
    """From the first step to the Pusher."""
    return walk(
        pipeline,
        Launcher(store=InPlace(), host=host),
        pipeline_root=f"file://{folder}/artifacts",
        folder=folder / "whole",
    )


@pytest.fixture
def s3() -> Iterator[Any]:
    """A client of a server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{address}:{port}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    client.create_bucket(Bucket=BUCKET)
    yield client
    server.stop()


def compiled(folder: Path, host: ContainerHost, settings: dict[str, Any]) -> Compiled:
    """Returns what `carseg compile` makes of the smoke preset with such settings."""
    folder.mkdir()
    served = {"push": {"directory": str(folder.parent / "served")}}
    config, out = folder / "config.yaml", folder / "pipeline.yaml"
    config.write_text(json.dumps(settings | served), "utf-8")  # is YAML too
    command = Container(
        command=[
            *("python", "-m", "tfx_pipeline.cli.main", "compile", "--preset=smoke"),
            *(f"--config={config}", "--image=carseg:1", f"--out={out}"),
            f"--pipeline-root=s3://{BUCKET}/elsewhere",  # a run may have another one
        ],
        folder=folder,
        environment={},
    )
    assert host.run(command) == 0, command.log.read_text("utf-8")
    return Compiled.load(out)


def test_every_node_runs_in_its_container(walked: Walk) -> None:
    assert walked.skipped == []
    assert set(walked.finished) == BEFORE_THE_AUDIT | BEHIND_THE_AUDIT


def test_the_first_step_tells_the_later_ones_what_the_data_is(walked: Walk) -> None:
    found = walked.finished["SourceFingerprint"].parameters["content_fingerprint"]

    inputs = walked.executor_inputs["TfdsExampleGen"].inputs
    assert inputs.parameter_values["content_fingerprint"] == found
    assert found.string_value


def test_verdicts_travel_as_metadata_of_artifacts(walked: Walk) -> None:
    model = walked.finished["Trainer"].artifacts["model"]
    blessing = walked.finished["ModelGate"].artifacts["blessing"]
    pushed = walked.finished["ModelPusher"].artifacts["pushed_model"]

    assert walked.finished["DatasetAuditor"].artifacts["audit"].metadata["blessed"] == 1
    assert blessing.metadata["blessed"] == 1
    assert blessing.metadata["current_model_id"] == str(model.id)
    assert blessing.metadata["current_model"] == model.uri
    assert pushed.metadata["pushed"] == 1


def test_the_pushed_model_is_served_and_answers(walked: Walk, folder: Path) -> None:
    photo = drawn.encode(drawn.picture(40, 56), "JPEG")

    flags = ("--model_name=carseg", f"--model_base_path={folder}/served/carseg")
    with running_server(*flags, folder=folder) as server:
        server.wait_until_open()
        answer = predict(server.rest_port, photo)

    assert (answer["height"], answer["width"]) == (40, 56)
    png = base64.b64decode(answer["mask_png_bytes"]["b64"])
    mask_ids = np.asarray(Image.open(io.BytesIO(png)))
    assert mask_ids.shape == (40, 56)
    assert set(np.unique(mask_ids)) <= {0, 1}
    assert sum(answer["area_fraction"]) == pytest.approx(1.0, abs=1e-3)


def predict(port: int, photo: bytes) -> dict[str, Any]:
    body = {"instances": [{"image_bytes": {"b64": base64.b64encode(photo).decode()}}]}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/models/carseg:predict",
        data=json.dumps(body).encode(),
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        (prediction,) = json.load(response)["predictions"]
    return dict(prediction)


def test_artifacts_live_in_an_object_store_between_the_containers(
    pipeline: Compiled, host: ContainerHost, folder: Path, s3: Any
) -> None:
    done = walk(
        pipeline,
        Launcher(store=S3Store(client=s3), host=host),
        pipeline_root=f"s3://{BUCKET}/runs",
        folder=folder / "s3",
        backend="database",
    )

    assert set(done.finished) == BEFORE_THE_AUDIT | BEHIND_THE_AUDIT
    pushed = done.finished["ModelPusher"].artifacts["pushed_model"]
    assert pushed.uri.startswith(f"s3://{BUCKET}/runs/carseg/run-1/ModelPusher/")
    assert pushed.metadata["pushed"] == 1
    examples = done.finished["Transform"].artifacts["transformed_examples"]
    prefix = f"{examples.uri.removeprefix(f's3://{BUCKET}/')}/"
    stored = s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)["Contents"]
    splits = {each["Key"].removeprefix(prefix).split("/")[0] for each in stored}
    assert examples.uri.startswith(f"s3://{BUCKET}/runs/carseg/run-1/Transform/")
    assert splits == {"Split-train", "Split-eval"}
    assert all(each["Size"] > 0 for each in stored)


def test_nothing_behind_an_audit_that_refuses_is_started(
    host: ContainerHost, folder: Path
) -> None:
    strict = SETTINGS | {"audit": {"min_examples_per_split": 1000}}
    done = walk(
        compiled(folder / "strict", host, strict),
        Launcher(store=InPlace(), host=host),
        pipeline_root=f"file://{folder}/refused",
        folder=folder / "refusing",
    )

    audit = done.finished["DatasetAuditor"].artifacts["audit"].metadata
    assert audit["blessed"] == 0
    assert "1,000" in audit["reasons"] or "1000" in audit["reasons"]
    assert set(done.finished) == BEFORE_THE_AUDIT
    assert set(done.skipped) == BEHIND_THE_AUDIT


def test_a_node_that_fails_fails_the_walk_with_its_last_line(
    pipeline: Compiled, host: ContainerHost, folder: Path
) -> None:
    with pytest.raises(ContainerFailed) as raised:
        walk(
            pipeline,
            Launcher(store=InPlace(), host=host),
            pipeline_root=f"file://{folder}/failed",
            folder=folder / "failing",
            parameters={"dataset": "car_parts_carseg"},
        )

    last = str(raised.value).splitlines()[-1]
    assert str(raised.value).startswith("SourceFingerprint ended with 1:")
    assert last.startswith("carseg: ")
    assert "compile anew" in last
