from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from tensorflow_serving.apis import prediction_service_pb2_grpc

from serving.server.models.session_runner import SessionRunner
from tests.serving.exported import SessionModel, export_drawn_model
from tests.serving.server.asking import (
    METRICS_PATH,
    MODEL,
    PHOTO,
    predict_request,
    write_warmup,
)
from tests.serving.server.example_model import export_example_model
from tests.serving.server.running import RunningServer, running_server


@pytest.fixture(scope="session")
def saved_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drawn model's folder; tests copy it, they do not change it."""
    folder = tmp_path_factory.mktemp("exported") / "model"
    export_drawn_model(folder)
    return folder


@pytest.fixture(scope="session")
def server(
    saved_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("api")
    version = folder / "models/0003"
    shutil.copytree(saved_model, version)
    (folder / "models/notes").mkdir()
    write_warmup(version, predict_request([PHOTO]))
    monitoring = folder / "monitoring.config"
    monitoring.write_text(
        f'prometheus_config {{ enable: true path: "{METRICS_PATH}" }}'
    )
    models = folder / "models.config"
    models.write_text(
        f'model_config_list {{ config {{ name: "{MODEL}" model_platform: "tensorflow"'
        f' base_path: "{folder}/models" }} }}'
    )
    flags = (f"--model_config_file={models}", f"--monitoring_config_file={monitoring}")
    with running_server(*flags, folder=folder) as running:
        running.wait_until_open()
        yield running
        assert running.stop() == 0


@pytest.fixture(scope="session")
def channel(server: RunningServer) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as opened:
        yield opened


@pytest.fixture(scope="session")
def stub(channel: grpc.Channel) -> Any:
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


@pytest.fixture(scope="session")
def local(saved_model: Path) -> SessionModel:
    return SessionModel(saved_model)


@pytest.fixture(scope="session")
def example_runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionRunner]:
    folder = tmp_path_factory.mktemp("examples") / "1"
    export_example_model(folder)
    runner = SessionRunner(str(folder))
    yield runner
    runner.close()
