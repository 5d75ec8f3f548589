from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

from serving.server.api.call import CallOptions
from serving.server.api.warmup import MAX_RECORDS, WARMUP_FILE, warm_up
from serving.server.errors import Code, ServingError
from serving.server.models.servable import Runner
from tests.serving.server.example_model import (
    CLASSIFY,
    REGRESS,
    classification,
    drawn_numbers,
    example,
    inferences,
    listed,
    regression,
)

EXAMPLES = [example(row) for row in drawn_numbers(2)]
SENT = listed(*EXAMPLES)


class CountingRunner:
    """Passes calls on and notes the signature of each."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.signatures = runner.signatures
        self.calls: list[str] = []

    def run(self, signature_name: str, *args: Any, **options: Any) -> Any:
        self.calls.append(signature_name)
        return self.runner.run(signature_name, *args, **options)

    def close(self) -> None:
        raise AssertionError("a warm-up closes nothing")


class SilentRunner(CountingRunner):
    """Gives two zeros, whatever it is asked."""

    def run(self, signature_name: str, *_args: Any, **_options: Any) -> Any:
        self.calls.append(signature_name)
        return {"outputs": np.zeros(2, np.float32)}


def write(folder: Path, *logs: Any) -> Path:
    file = folder / WARMUP_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    with tf.io.TFRecordWriter(str(file)) as writer:
        for log in logs:
            writer.write(log if isinstance(log, bytes) else log.SerializeToString())
    return file


def log_of(kind: str, request: Any = None) -> prediction_log_pb2.PredictionLog:
    log = prediction_log_pb2.PredictionLog()
    getattr(log, kind).SetInParent()
    if request is not None:
        getattr(log, kind).request.CopyFrom(request)
    return log


def predict_log() -> prediction_log_pb2.PredictionLog:
    request = predict_pb2.PredictRequest()
    request.model_spec.signature_name = "scores"
    data = [item.SerializeToString() for item in EXAMPLES]
    request.inputs["inputs"].CopyFrom(tf.make_tensor_proto(data))
    return log_of("predict_log", request)


def warm(runner: Runner, folder: Path, iterations: int = 1, **options: Any) -> int:
    made = CallOptions(**options)
    return warm_up(runner, str(folder), iterations=iterations, options=made)


def test_every_kind_of_request_is_replayed_as_often_as_asked(
    example_runner: Runner, tmp_path: Path
) -> None:
    write(
        tmp_path,
        predict_log(),
        log_of("classify_log", classification(SENT)),
        log_of("regress_log", regression(SENT)),
        log_of(
            "multi_inference_log",
            inferences(SENT, ("classes", CLASSIFY), ("column", REGRESS)),
        ),
    )
    runner = CountingRunner(example_runner)
    assert warm(runner, tmp_path, iterations=2) == 4
    assert runner.calls == [
        *["scores"] * 2,
        *["serving_default"] * 2,
        *["number"] * 2,
        *["classes", "column"] * 2,
    ]


def test_without_a_file_or_records_nothing_is_replayed(
    example_runner: Runner, tmp_path: Path
) -> None:
    assert warm(example_runner, tmp_path) == 0
    write(tmp_path)
    assert warm(example_runner, tmp_path) == 0


@pytest.mark.parametrize(
    ("log", "code", "message"),
    [
        (
            log_of("classify_log", classification(listed())),
            "INVALID_ARGUMENT",
            "Input is empty.",
        ),
        (
            log_of("regress_log", regression(SENT, "s")),
            "INVALID_ARGUMENT",
            "No signature was found with the name: s",
        ),
        (
            log_of("multi_inference_log", inferences(SENT, ("", ""))),
            "UNIMPLEMENTED",
            "Unsupported signature method_name: ",
        ),
        (
            log_of("session_run_log"),
            "UNIMPLEMENTED",
            "Unsupported log_type for warmup: 5 (session_run_log)",
        ),
        (
            log_of("predict_streamed_log"),
            "UNIMPLEMENTED",
            "Unsupported log_type for warmup: 7 (predict_streamed_log)",
        ),
        (b"", "UNIMPLEMENTED", "Unsupported log_type for warmup: 0 (none)"),
        (
            b"\xffjunk",
            "INVALID_ARGUMENT",
            r"Failed to parse warmup record: b'\xffjunk' from ",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_one_record_that_fails_fails_the_load(
    example_runner: Runner, tmp_path: Path, log: Any, code: str, message: str
) -> None:
    good = log_of("classify_log", classification(SENT))
    write(tmp_path, good, log, good)
    runner = CountingRunner(example_runner)
    with pytest.raises(ServingError) as raised:
        warm(runner, tmp_path)
    assert raised.value.message.startswith(message)
    assert raised.value.code is Code[code]
    assert runner.calls == ["serving_default"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: data[:-5], "truncated record at "),
        (lambda data: data[:20] + b"?" + data[21:], "corrupted record at 12"),
        (lambda data: b"no records at all", "corrupted record at 0"),
    ],
    ids=["cut", "flipped", "foreign"],
)
def test_a_file_that_is_no_tfrecord_fails_the_load(
    example_runner: Runner,
    tmp_path: Path,
    spoil: Callable[[bytes], bytes],
    words: str,
) -> None:
    file = write(tmp_path, log_of("classify_log", classification(SENT)))
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(ServingError) as raised:
        warm(example_runner, tmp_path)
    assert raised.value.code is Code.DATA_LOSS
    assert raised.value.message.startswith(words)
    assert raised.value.message.endswith(
        f". Please verify your warmup data is in TFRecord format. The file is {file}"
    )


def test_more_records_than_a_thousand_fail_the_load(
    example_runner: Runner, tmp_path: Path
) -> None:
    log = log_of("regress_log", regression(SENT))
    file = write(tmp_path, *[log] * MAX_RECORDS)
    runner = SilentRunner(example_runner)
    assert warm(runner, tmp_path) == len(runner.calls) == 1000
    write(tmp_path, *[log] * (MAX_RECORDS + 1))
    with pytest.raises(ServingError) as raised:
        warm(runner, tmp_path)
    assert raised.value.code is Code.INVALID_ARGUMENT
    assert raised.value.message == (
        f"Number of warmup records exceeds the maximum (1000) at {file}"
    )


def test_the_servers_options_hold_for_a_warmup_too(
    example_runner: Runner, tmp_path: Path
) -> None:
    write(tmp_path, log_of("classify_log", classification(SENT, "number")))
    with pytest.raises(ServingError, match="to be tensorflow/serving/classify"):
        warm(example_runner, tmp_path, checks_method_names=True)
