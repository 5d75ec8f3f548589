from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import (
    classification_pb2,
    inference_pb2,
    predict_pb2,
    prediction_log_pb2,
    regression_pb2,
)

from serving.server.api.call import CallOptions
from serving.server.api.call_log import CallLog
from serving.server.api.warmup import WARMUP_FILE, warm_up
from serving.server.errors import InvalidArgumentError
from serving.server.models.servable import Servable
from serving.server.settings.request_log_folder import prepare_request_log_folder
from serving.server.watching.metric_names import REQUEST_LOG_COUNT
from serving.server.watching.metrics import Metrics
from serving.server.watching.record_folder import RecordFolder
from serving.server.watching.request_log import RequestLog


def read(folder: Path) -> list[prediction_log_pb2.PredictionLog]:
    (file,) = folder.glob("*.tfrecord")
    records = tf.data.TFRecordDataset(str(file)).as_numpy_iterator()
    return [prediction_log_pb2.PredictionLog.FromString(record) for record in records]


def predict_pair(
    value: float = 2.5,
) -> tuple[predict_pb2.PredictRequest, predict_pb2.PredictResponse]:
    request, response = predict_pb2.PredictRequest(), predict_pb2.PredictResponse()
    request.model_spec.name = response.model_spec.name = "m"
    request.inputs["x"].CopyFrom(tf.make_tensor_proto([value]))
    response.model_spec.version.value = 4
    response.model_spec.signature_name = "serving_default"
    response.outputs["y"].CopyFrom(tf.make_tensor_proto([2 * value]))
    return request, response


def made_log(folder: Path, metrics: Metrics, **options: Any) -> RequestLog:
    return RequestLog(RecordFolder(folder), metrics=metrics, **options)


def test_every_kind_is_logged_with_its_model_and_rate(tmp_path: Path) -> None:
    metrics = Metrics()
    log = made_log(tmp_path, metrics, tags=("serve", "gpu"))
    calls = CallLog(log)
    request, response = predict_pair()
    calls.add("predict_log", request, response)
    classified = classification_pb2.ClassificationResponse()
    classified.model_spec.name = "c"
    classified.result.classifications.add().classes.add(label="red", score=0.5)
    calls.add("classify_log", classification_pb2.ClassificationRequest(), classified)
    regressed = regression_pb2.RegressionResponse()
    regressed.model_spec.name = "r"
    calls.add("regress_log", regression_pb2.RegressionRequest(), regressed)
    several = inference_pb2.MultiInferenceResponse()
    several.results.add().model_spec.name = "s"
    calls.add("multi_inference_log", inference_pb2.MultiInferenceRequest(), several)
    log.close()
    logs = read(tmp_path)
    assert [item.WhichOneof("log_type") for item in logs] == [
        *("predict_log", "classify_log", "regress_log", "multi_inference_log")
    ]
    assert [item.log_metadata.model_spec.name for item in logs] == [*"mcrs"]
    metadata = logs[0].log_metadata
    assert metadata.model_spec == response.model_spec
    assert metadata.sampling_config.sampling_rate == 1
    assert list(metadata.saved_model_tags) == ["serve", "gpu"]
    assert logs[0].predict_log.request == request
    assert logs[0].predict_log.response == response
    assert logs[1].classify_log.response == classified
    page = metrics.render()
    for name in "mcrs":
        assert (
            ":tensorflow:serving:request_log_count"
            f'{{model_name="{name}",status_code="OK"}} 1\n'
        ) in page


def test_arrays_of_rest_become_the_messages_of_grpc(tmp_path: Path) -> None:
    log = made_log(tmp_path, Metrics())
    servable = Servable(name="m", version=4, runner=Doubles())
    value = float(np.random.default_rng(3).normal())
    inputs = {"x": np.array([value], np.float32)}
    outputs = {"y": inputs["x"] * 2, "png": np.array([b"\x89\xff"], object)}
    CallLog(log).add_arrays(servable, "serving_default", inputs, outputs)
    log.close()
    (item,) = read(tmp_path)
    request, response = item.predict_log.request, item.predict_log.response
    assert (request.model_spec.name, request.model_spec.signature_name) == (
        *("m", "serving_default"),
    )
    assert list(request.inputs["x"].float_val) == [np.float32(value)]
    assert response.model_spec.version.value == 4
    assert tf.make_ndarray(response.outputs["y"]) == [np.float32(value) * 2]
    assert list(response.outputs["png"].string_val) == [b"\x89\xff"]
    assert item.log_metadata.model_spec == response.model_spec


def test_a_share_is_logged(tmp_path: Path) -> None:
    metrics = Metrics()
    log = made_log(tmp_path, metrics, sampling_rate=0.25)
    calls = CallLog(log)
    pair = predict_pair()
    for _ in range(2000):
        calls.add("predict_log", *pair)
    log.close()
    logs = read(tmp_path)
    assert 380 < len(logs) < 620  # six standard deviations
    assert logs[0].log_metadata.sampling_config.sampling_rate == 0.25
    assert metrics.value(REQUEST_LOG_COUNT) == len(logs)


def test_a_rate_of_zero_logs_nothing_and_opens_no_file(tmp_path: Path) -> None:
    log = made_log(tmp_path, Metrics(), sampling_rate=0.0)
    for _ in range(100):
        CallLog(log).add("predict_log", *predict_pair())
    log.close()
    assert list(tmp_path.iterdir()) == []


class StuckFolder(RecordFolder):
    """A disk that takes its first record when it is let."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.free, self.asked = threading.Event(), threading.Event()

    def write(self, records: Any) -> bool:
        self.asked.set()
        assert self.free.wait(60)
        return super().write(records)


def test_a_stuck_disk_delays_no_request_and_drops_are_counted(tmp_path: Path) -> None:
    metrics, folder = Metrics(), StuckFolder(tmp_path)
    pair = predict_pair()
    size = pair[0].ByteSize() + pair[1].ByteSize()
    log = RequestLog(folder, metrics=metrics, max_waiting_bytes=10 * size)
    calls = CallLog(log)
    calls.add("predict_log", *pair)
    assert folder.asked.wait(60)
    for _ in range(100):
        calls.add("predict_log", *pair)  # would hang here if it waited for the disk
    folder.free.set()
    log.close()
    logged = len(read(tmp_path))
    assert 2 <= logged <= 11
    page = metrics.render()
    name = ':tensorflow:serving:request_log_count{model_name="m",status_code='
    assert f'{name}"OK"}} {logged}\n' in page
    assert f'{name}"RESOURCE_EXHAUSTED"}} {101 - logged}\n' in page


def test_what_no_file_takes_is_counted(tmp_path: Path) -> None:
    metrics = Metrics()
    log = made_log(tmp_path / "nowhere", metrics)
    CallLog(log).add("predict_log", *predict_pair())
    log.close()
    name = ':tensorflow:serving:request_log_count{model_name="m",status_code='
    assert f'{name}"UNAVAILABLE"}} 1\n' in metrics.render()


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    log = made_log(tmp_path, Metrics())
    calls = CallLog(log)

    def add(start: int) -> None:
        for number in range(start, start + 50):
            calls.add("predict_log", *predict_pair(number))

    threads = [threading.Thread(target=add, args=(50 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    values = [item.predict_log.request.inputs["x"] for item in read(tmp_path)]
    numbers = sorted(float(tf.make_ndarray(value)[0]) for value in values)
    assert numbers == [float(number) for number in range(200)]


def test_an_idle_log_finishes_its_file_in_time(tmp_path: Path) -> None:
    log = RequestLog(RecordFolder(tmp_path, max_file_s=0.01), metrics=Metrics())
    CallLog(log).add("predict_log", *predict_pair())
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("*.tfrecord")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    log.close()


def test_without_a_log_nothing_happens() -> None:
    CallLog().add("predict_log", object(), object())
    CallLog().add_arrays(None, "s", {"x": object()}, {})  # type: ignore[arg-type, dict-item]


class Doubles:
    """A loaded version that doubles, and remembers what it was asked."""

    def __init__(self) -> None:
        signature = meta_graph_pb2.SignatureDef()
        signature.inputs["x"].name, signature.outputs["y"].name = "x:0", "y:0"
        self.signatures = {"serving_default": signature}
        self.asked: list[float] = []

    def run(
        self, name: str, inputs: Any, outputs: Any, *, until: float | None = None
    ) -> dict[str, np.ndarray]:
        self.asked.append(float(inputs["x"][0]))
        return {"y": inputs["x"] * 2}

    def close(self) -> None:
        pass


def test_a_log_is_a_file_of_warmup_requests(tmp_path: Path) -> None:
    log = made_log(tmp_path, Metrics())
    for value in (1.5, -3.0):
        CallLog(log).add("predict_log", *predict_pair(value))
    log.close()
    target = tmp_path / "7" / WARMUP_FILE
    target.parent.mkdir(parents=True)
    shutil.move(next(tmp_path.glob("*.tfrecord")), target)
    runner = Doubles()
    path = str(tmp_path / "7")
    assert warm_up(runner, path, iterations=2, options=CallOptions()) == 2
    assert runner.asked == [1.5, 1.5, -3.0, -3.0]


def test_a_record_too_large_for_the_queue_goes_alone(tmp_path: Path) -> None:
    log = made_log(tmp_path, Metrics(), max_waiting_bytes=1)
    CallLog(log).add("predict_log", *predict_pair())
    log.close()
    assert len(read(tmp_path)) == 1


@pytest.mark.parametrize("flaw", ["file", "uri"])
def test_a_folder_that_cannot_be_is_refused_at_the_start(
    tmp_path: Path, flaw: str
) -> None:
    (tmp_path / "file").write_text("")
    path = {"file": str(tmp_path / "file/log"), "uri": "gs://bucket/log"}[flaw]
    words = {"file": r"\(Not a directory\); choose another", "uri": "of this machine"}
    with pytest.raises(InvalidArgumentError, match=words[flaw]):
        prepare_request_log_folder(path)
