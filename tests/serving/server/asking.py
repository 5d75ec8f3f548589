"""Requests to a server by clients that are not ours, and what a test sends."""

from __future__ import annotations

import base64
import http.client
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import grpc
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

from tests.serving.drawn_model import HEIGHT_PX, WIDTH_PX
from tests.serving.server.running import RunningServer
from tests.tfds_builders import drawn_photos as drawn

MODEL = "cars"
PHOTO = drawn.encode(drawn.picture(40, 56), "JPEG")
EXACT = drawn.picture(HEIGHT_PX, WIDTH_PX)  # as large as the model's input
METRICS_PATH = "/monitoring/prometheus/metrics"


def write_warmup(version: Path, request: predict_pb2.PredictRequest) -> None:
    log = prediction_log_pb2.PredictionLog()
    log.predict_log.request.CopyFrom(request)
    (version / "assets.extra").mkdir(exist_ok=True)
    file = version / "assets.extra/tf_serving_warmup_requests"
    with tf.io.TFRecordWriter(str(file)) as writer:
        writer.write(log.SerializeToString())


def predict_request(
    photos: list[bytes], signature: str = "", outputs: tuple[str, ...] = ()
) -> predict_pb2.PredictRequest:
    request = predict_pb2.PredictRequest(output_filter=outputs)
    request.model_spec.name = MODEL
    request.model_spec.signature_name = signature
    request.inputs["image_bytes"].CopyFrom(tf.make_tensor_proto(photos, tf.string))
    return request


def refused(call: Any, request: Any) -> tuple[str, str]:
    with pytest.raises(grpc.RpcError) as raised:
        call(request, timeout=30)
    return raised.value.code().name, raised.value.details()


def ask(
    server: RunningServer,
    path: str,
    body: Any = None,
    method: str | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.rest_port, timeout=60)
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    method = method or ("GET" if body is None else "POST")
    connection.request(method, path, data, headers or {})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.headers["Content-Type"] == "application/json" and content:
        return response.status, json.loads(content)
    return response.status, content.decode()


def b64(data: bytes) -> dict[str, str]:
    return {"b64": base64.b64encode(data).decode()}


def huge(kind: str, width: int = 30_000, height: int = 30_000) -> bytes:
    """The header of a picture that would take gigabytes, and nothing after it."""
    if kind == "png":
        header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        check = struct.pack(">I", zlib.crc32(header))
        return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + check
    if kind == "jpeg":
        frame = struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
        return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0" + frame
    if kind == "gif":
        return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0)
    return b"BM" + bytes(12) + struct.pack("<Iii", 40, width, -height) + bytes(28)
