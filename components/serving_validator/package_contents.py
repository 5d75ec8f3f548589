"""What a packaged model says of itself: the yardstick, read before any server runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

from components.model_packager.manifest import verify_manifest
from components.model_packager.saved_model_file import read_meta_graph
from components.model_packager.warmup import WARMUP_FILE
from components.serving_validator.keras_answers import KerasAnswer, read_keras_answers
from components.serving_validator.signatures import PlainSignatures, plain_signatures


@dataclass(frozen=True, kw_only=True)
class PackageContents:
    """What a server's answers are compared with.

    Attributes:
        answers: The Keras model's, at least one.
        signatures: What can be called.
        warmup: Requests that a server replays before it takes others.
    """

    answers: Sequence[KerasAnswer]
    signatures: PlainSignatures
    warmup: Sequence[predict_pb2.PredictRequest]


def read_package(folder: Path) -> PackageContents:
    """Reads a packaged SavedModel.

    Raises:
        ValueError: It is not as the packager made it, or lacks what it is checked by.
    """
    altered = verify_manifest(str(folder))
    if altered:
        raise ValueError(
            f"the package must be as its manifest says: {'; '.join(altered)}"
        )
    return PackageContents(
        answers=read_keras_answers(folder),
        signatures=plain_signatures(read_meta_graph(str(folder)).signature_def),
        warmup=read_warmup(folder),
    )


def read_warmup(folder: Path) -> list[predict_pb2.PredictRequest]:
    """Returns the requests of `tf_serving_warmup_requests`.

    Raises:
        ValueError: There are none, or others than for Predict.
    """
    path = folder / WARMUP_FILE
    if not path.is_file():
        raise ValueError(
            f"the package must hold warm-up requests, {WARMUP_FILE} is missing;"
            " package the model again"
        )
    try:
        logs = [
            prediction_log_pb2.PredictionLog.FromString(record.numpy())
            for record in tf.data.TFRecordDataset(str(path))
        ]
    except (tf.errors.DataLossError, DecodeError) as err:
        raise ValueError(
            f"{WARMUP_FILE} must hold PredictionLogs, it cannot be read"
            f" ({type(err).__name__}); package the model again"
        ) from err
    kinds = {log.WhichOneof("log_type") for log in logs}
    if kinds != {"predict_log"}:
        raise ValueError(
            f"{WARMUP_FILE} must hold requests for Predict, it holds"
            f" {sorted(map(str, kinds)) or 'none'}; package the model again"
        )
    return [log.predict_log.request for log in logs]
