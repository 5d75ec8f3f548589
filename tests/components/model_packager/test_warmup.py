from __future__ import annotations

from pathlib import Path

import pytest
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from components.model_packager.saved_model_file import read_meta_graph
from components.model_packager.warmup import (
    WARMUP_FILE,
    warmup_requests,
    write_warmup_requests,
)
from tests.serving.exported import SessionModel

pytestmark = pytest.mark.integration


@pytest.fixture
def signatures(saved_model: Path) -> dict:
    return dict(read_meta_graph(str(saved_model)).signature_def)


def test_the_model_answers_every_request(
    saved_model: Path, signatures: dict, tmp_path: Path
) -> None:
    count = write_warmup_requests(
        str(tmp_path), signatures, model_name="car", batch_sizes=(1, 4)
    )
    served = SessionModel(saved_model)
    seen = []
    for record in tf.data.TFRecordDataset(str(tmp_path / WARMUP_FILE)):
        log = prediction_log_pb2.PredictionLog.FromString(record.numpy())
        request = log.predict_log.request
        assert request.model_spec.name == "car"
        inputs = {
            name: tf.make_ndarray(value) for name, value in request.inputs.items()
        }
        answer = served(request.model_spec.signature_name, **inputs)
        sizes = {len(value) for value in (*inputs.values(), *answer.values())}
        assert len(sizes) == 1
        seen.append((request.model_spec.signature_name, sizes.pop()))
    names = ["dense", "examples", "mask_ids", "probabilities", "serving_default"]
    assert seen == [(name, size) for name in names for size in (1, 4)]
    assert count == 10


def test_requests_are_the_same_each_time(signatures: dict) -> None:
    first, second = (
        [
            request.SerializeToString(deterministic=True)
            for request in warmup_requests(signatures, "car", [2])
        ]
        for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("sizes", [(), (0,)], ids=["none", "zero"])
def test_batch_sizes_below_one_are_refused(signatures: dict, sizes: tuple) -> None:
    with pytest.raises(ValueError, match="batch sizes must be 1 or more"):
        list(warmup_requests(signatures, "car", sizes))


def test_more_records_than_a_server_takes_are_refused(
    signatures: dict, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="at most 1000 warm-up requests, got 1005"):
        write_warmup_requests(
            str(tmp_path), signatures, model_name="car", batch_sizes=(1,) * 201
        )
