"""What a running server tells of its requests: metrics and request log."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2, prediction_service_pb2_grpc

from tests.serving.server.asking import (
    METRICS_PATH,
    MODEL,
    PHOTO,
    ask,
    b64,
    predict_request,
    write_warmup,
)
from tests.serving.server.running import running_server
from tests.serving.server.watching.test_metrics import values

pytestmark = pytest.mark.integration


def read(file: Path) -> list[prediction_log_pb2.PredictionLog]:
    records = tf.data.TFRecordDataset(str(file)).as_numpy_iterator()
    return [prediction_log_pb2.PredictionLog.FromString(record) for record in records]


def test_requests_of_both_ways_are_counted_and_logged(
    saved_model: Path, tmp_path: Path
) -> None:
    version = tmp_path / "models/5"
    shutil.copytree(saved_model, version)
    write_warmup(version, predict_request([PHOTO]))
    (version / "assets.extra/mlmd_uuid").write_text("an id")
    monitoring = tmp_path / "monitoring.config"
    monitoring.write_text("prometheus_config { enable: true }")
    flags = (
        *(f"--model_name={MODEL}", f"--model_base_path={tmp_path}/models"),
        f"--monitoring_config_file={monitoring}",
        f"--request_log={tmp_path}/log/requests",
    )
    with running_server(*flags, folder=tmp_path) as server:
        server.wait_until_open()
        address = f"127.0.0.1:{server.port}"
        with grpc.insecure_channel(address) as channel:
            stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
            response = stub.Predict(predict_request([PHOTO]), timeout=60)
            with pytest.raises(grpc.RpcError):
                stub.Predict(predict_request([PHOTO], "none"), timeout=60)
        status, _ = ask(
            server, f"/v1/models/{MODEL}:predict", {"instances": [b64(PHOTO)]}
        )
        assert status == 200
        server.wait_for(lambda: _logged(ask(server, METRICS_PATH)[1]) == 2)
        found = values(ask(server, METRICS_PATH)[1])
        (unfinished,) = (tmp_path / "log/requests").iterdir()
        assert unfinished.name.endswith(".tfrecord.tmp")
        assert server.stop() == 0
    _check_metrics(found, version)
    (file,) = (tmp_path / "log/requests").iterdir()
    assert file.name == unfinished.name.removesuffix(".tmp")
    by_grpc, by_rest = (log.predict_log for log in read(file))
    assert by_grpc.request == predict_request([PHOTO])
    assert by_grpc.response == response
    assert list(by_rest.request.inputs["image_bytes"].string_val) == [PHOTO]
    assert by_rest.response == response


def _logged(page: str) -> float:
    name = f':tensorflow:serving:request_log_count{{model_name="{MODEL}"'
    return values(page).get(f'{name},status_code="OK"}}', 0)


def _check_metrics(found: dict[str, float], version: Path) -> None:
    serving, core = ":tensorflow:serving:", ":tensorflow:core:"
    model, path = f'model_name="{MODEL}"', f'model_path="{version}"'
    expected = {
        f'{serving}request_count{{{model},status="OK"}}': 2,
        f'{serving}request_count{{{model},status="FAILED_PRECONDITION"}}': 1,
        f'{serving}request_latency_count{{{model},API="Predict",entrypoint="GRPC"}}': 1,
        f'{serving}request_latency_count{{{model},API="predict",entrypoint="REST"}}': 1,
        f'{serving}runtime_latency_count{{{model},API="Predict",runtime="TF1"}}': 2,
        f'{serving}model_warmup_latency_count{{{path},status="OK"}}': 1,
        f'{serving}mlmd_map{{{model},version="5"}}': 0,
        f':tensorflow:cc:saved_model:load_attempt_count{{{path},status="success"}}': 1,
        f"{core}graph_runs{{}}": 3,  # with the warm-up's
        f"{core}graph_run_time_usecs_histogram_count{{}}": 3,
    }
    assert {name: found.get(name) for name in expected} == expected
    assert found[f":tensorflow:cc:saved_model:load_latency{{{path}}}"] > 0
    assert found[f"{core}graph_run_time_usecs{{}}"] > 0


def test_a_log_that_cannot_be_written_is_said_before_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "serving.server", f"--model_base_path={tmp_path}"),
            f"--request_log={tmp_path}/file/log",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 255
    assert done.stderr == (
        "python -m serving.server: Failed to start server. Error: INVALID_ARGUMENT:"
        f" --request_log must be a writable folder with room, got"
        f" '{tmp_path}/file/log' (Not a directory); choose another, or leave the flag"
        " out\n"
    )
