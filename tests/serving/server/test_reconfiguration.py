"""Models, labels and policies change while clients are connected."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
import tensorflow as tf
from google.protobuf import text_format
from tensorflow_serving.apis import (
    model_management_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from tests.serving.server.asking import ask, refused
from tests.serving.server.models.adding_model import export_adding_model
from tests.serving.server.models.version_folders import config_text, entry
from tests.serving.server.running import RunningServer, running_server

pytestmark = pytest.mark.integration

ALL = "model_version_policy { all {} }"
STABLE = 'version_labels { key: "stable" value: 1 }'
LOAD_ATTEMPTS = "/tensorflow/cc/saved_model/load_attempt_count"


@dataclass(frozen=True, kw_only=True)
class Site:
    """A server with the file of its models and the folder of their versions."""

    server: RunningServer
    channel: grpc.Channel
    config: Path
    base: Path

    def models(self, name: str = "") -> str:
        """Returns the configuration, with one more model."""
        models = [entry("m", self.base, ALL + STABLE)]
        return config_text(*models, *([entry(name, self.base)] if name else []))

    def sum(self, name: str = "m", **choice: str) -> tuple[int, float]:
        """Returns the version that answered, and its answer to 10."""
        request = predict_pb2.PredictRequest()
        request.model_spec.name = name
        for key, value in choice.items():
            setattr(request.model_spec, key, value)
        request.inputs["x"].CopyFrom(tf.make_tensor_proto([10.0]))
        stub = prediction_service_pb2_grpc.PredictionServiceStub(self.channel)
        response = stub.Predict(request, timeout=30)
        return response.model_spec.version.value, response.outputs["y"].float_val[0]

    def reload(self, text: str) -> tuple[Any, model_management_pb2.ReloadConfigRequest]:
        request = model_management_pb2.ReloadConfigRequest(metric_names=[LOAD_ATTEMPTS])
        text_format.Parse(text, request.config)
        stub = model_service_pb2_grpc.ModelServiceStub(self.channel)
        return stub.HandleReloadConfigRequest, request

    def state(self, name: str) -> str | None:
        status, answer = ask(self.server, f"/v1/models/{name}")
        return answer["model_version_status"][0]["state"] if status == 200 else None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    for number in (1, 2):
        export_adding_model(folder / "models" / str(number), float(number))
    config = folder / "models.config"
    config.write_text(config_text(entry("m", folder / "models", ALL + STABLE)))
    flags = (
        f"--model_config_file={config}",
        "--model_config_file_poll_wait_seconds=1",
        "--allow_version_labels_for_unavailable_models",
        "--max_num_load_retries=0",
    )
    with running_server(*flags, folder=folder) as server:
        server.wait_until_open()
        server.wait_for(lambda: ask(server, "/v1/models/m/versions/1")[0] == 200)
        with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            yield Site(
                server=server, channel=channel, config=config, base=folder / "models"
            )
        assert server.stop() == 0


def test_labels_choose_the_version_over_both_protocols(site: Site) -> None:
    assert site.sum() == (2, 12.0)
    site.server.wait_for(
        lambda: "AVAILABLE" in str(ask(site.server, "/v1/models/m/versions/1"))
    )
    assert site.sum(version_label="stable") == (1, 11.0)
    body = {"instances": [10.0]}
    path = "/v1/models/m/labels/stable"
    assert ask(site.server, f"{path}:predict", body) == (200, {"predictions": [11.0]})
    status, metadata = ask(site.server, f"{path}/metadata")
    assert status == 200
    assert metadata["model_spec"] == {"name": "m", "signature_name": "", "version": "1"}
    wrong = "Unrecognized servable version label: new"
    assert ask(site.server, "/v1/models/m/labels/new:predict", body) == (
        400,
        {"error": wrong},
    )
    with pytest.raises(grpc.RpcError) as raised:
        site.sum(version_label="new")
    assert raised.value.details() == wrong
    assert ask(site.server, "/v1/models/m/labels/new")[0] == 200  # the status


def test_a_reload_answers_when_its_models_do(site: Site) -> None:
    call, request = site.reload(site.models("n"))
    response = call(request, timeout=60)
    assert response.status.error_code == 0
    assert response.metric[0].name == LOAD_ATTEMPTS
    assert site.state("n") in ("AVAILABLE", "UNLOADING", "END")  # as the file has no n


def test_a_reload_that_is_refused_changes_nothing(site: Site) -> None:
    twice = config_text(*[entry("m", site.base)] * 2)
    assert refused(*site.reload(twice)) == (
        "INVALID_ARGUMENT",
        "Illegal to list model m multiple times in config list",
    )
    broken = site.base.parent / "broken/1"
    shutil.copytree(site.base / "1", broken)
    shutil.rmtree(broken / "variables")
    code, message = refused(*site.reload(config_text(entry("bad", broken.parent))))
    assert code == "UNKNOWN"
    assert message.startswith(
        "1 model(s) did not become available: {{{name: bad version: 1} due to error: "
    )
    assert site.sum() == (2, 12.0)


def test_the_file_is_followed_and_survived_while_the_server_runs(site: Site) -> None:
    site.config.write_text(site.models("k"))
    site.server.wait_for(lambda: site.state("k") == "AVAILABLE")
    assert site.sum("k") == (2, 12.0)
    site.config.write_bytes(b"model_config_list { \xff")
    site.server.wait_for_words(
        "Failed to read ModelServerConfig file: INVALID_ARGUMENT"
    )
    assert site.sum("k") == (2, 12.0)
    site.config.write_text(site.models())
    site.server.wait_for(lambda: site.state("k") == "END")
    assert site.sum() == (2, 12.0)
