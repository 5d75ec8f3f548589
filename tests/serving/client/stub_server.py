"""Servers on real sockets that speak TF Serving's two APIs around a plain function."""

from __future__ import annotations

import base64
import io
import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import numpy as np
from PIL import Image, ImageOps

from serving.wire import (
    model_metadata_pb2,
    model_status_pb2,
    predict_pb2,
    tensor_pb2,
)

CLASSES = 3
HTTP_CODES = {
    "INVALID_ARGUMENT": 400,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}


class Refused(Exception):
    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def right_mask(image_bytes: bytes) -> np.ndarray:
    """Returns 1 where an upright photo is red, 2 where blue, else 0."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(image_bytes)))
    red, green, blue = np.moveaxis(np.asarray(image.convert("RGB")).astype(int), -1, 0)
    return np.where(
        red > green + blue + 30, 1, np.where(blue > red + green + 30, 2, 0)
    ).astype(np.uint8)


@dataclass
class StubModel:
    """What the server says, and what it was asked.

    `faults` are taken one per call: a status name refuses, a number of seconds delays.
    """

    faults: list[str | float] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    name: str = "carseg"
    version: int = 7
    state: str = "AVAILABLE"
    padding: int = 0  # bytes behind the mask's end, to make an answer large
    classes: int = CLASSES

    def take_fault(self) -> None:
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, str):
            raise Refused(fault, f"planted {fault}")
        if fault:
            time.sleep(fault)

    def predict(self, photos: list[bytes]) -> dict[str, list[Any]]:
        masks = []
        for index, photo in enumerate(photos):
            try:
                masks.append(right_mask(photo))
            except Exception as err:
                message = (
                    f"image_bytes[{index}] must be JPEG, PNG, BMP or GIF, got text"
                )
                raise Refused("INVALID_ARGUMENT", message) from err
        areas = [np.bincount(m.ravel(), minlength=self.classes) / m.size for m in masks]
        return {
            "mask_png_bytes": [self.png(mask) for mask in masks],
            "height": [mask.shape[0] for mask in masks],
            "width": [mask.shape[1] for mask in masks],
            "area_fraction": [area.astype(np.float32).tolist() for area in areas],
            "confidence": [0.5 + index / 4 for index in range(len(masks))],
        }

    def png(self, mask: np.ndarray) -> bytes:
        out = io.BytesIO()
        Image.fromarray(mask).save(out, "PNG")
        return out.getvalue() + bytes(self.padding)


DTYPES = {
    "mask_png_bytes": tensor_pb2.DT_STRING,
    "height": tensor_pb2.DT_INT32,
    "width": tensor_pb2.DT_INT32,
    "area_fraction": tensor_pb2.DT_FLOAT,
    "confidence": tensor_pb2.DT_FLOAT,
}
VALUES = {
    tensor_pb2.DT_STRING: "string_val",
    tensor_pb2.DT_INT32: "int_val",
    tensor_pb2.DT_FLOAT: "float_val",
}


def signatures(model: StubModel) -> model_metadata_pb2.SignatureDefMap:
    definitions = model_metadata_pb2.SignatureDefMap()
    default = definitions.signature_def["serving_default"]
    default.inputs["image_bytes"].dtype = tensor_pb2.DT_STRING
    default.inputs["image_bytes"].tensor_shape.dim.add(size=-1)
    for name, dtype in DTYPES.items():
        default.outputs[name].dtype = dtype
        default.outputs[name].tensor_shape.dim.add(size=-1)
    default.outputs["area_fraction"].tensor_shape.dim.add(size=model.classes)
    definitions.signature_def["odd"].inputs["x"].tensor_shape.unknown_rank = True
    return definitions


@dataclass(frozen=True)
class Stub:
    url: str
    model: StubModel


@contextmanager
def grpc_stub(model: StubModel | None = None, port: int = 0) -> Iterator[Stub]:
    model = model or StubModel()
    server = grpc.server(
        ThreadPoolExecutor(4),
        options=[
            ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1),
            ("grpc.so_reuseport", 0),
        ],
    )
    methods = {
        "tensorflow.serving.PredictionService": {
            "Predict": (_grpc_predict, predict_pb2.PredictRequest),
            "GetModelMetadata": (
                _grpc_metadata,
                model_metadata_pb2.GetModelMetadataRequest,
            ),
        },
        "tensorflow.serving.ModelService": {
            "GetModelStatus": (_grpc_status, model_status_pb2.GetModelStatusRequest),
        },
    }
    for service, handlers in methods.items():
        server.add_generic_rpc_handlers(
            [
                grpc.method_handlers_generic_handler(
                    service,
                    {
                        name: grpc.unary_unary_rpc_method_handler(
                            _handler(model, function),
                            request_deserializer=request.FromString,
                            response_serializer=lambda answer: (
                                answer.SerializeToString()
                            ),
                        )
                        for name, (function, request) in handlers.items()
                    },
                )
            ]
        )
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    try:
        yield Stub(f"grpc://127.0.0.1:{bound}", model)
    finally:
        server.stop(0).wait()


def _handler(
    model: StubModel, function: Callable[..., Any]
) -> Callable[[Any, grpc.ServicerContext], Any]:
    def handle(request: Any, context: grpc.ServicerContext) -> Any:
        spec = request.model_spec
        model.calls.append(
            f"{spec.name}/{spec.version.value}/{spec.version_label}/{spec.signature_name}"
        )
        try:
            model.take_fault()
            if spec.name != model.name:
                message = f"Servable not found for request: Latest({spec.name})"
                raise Refused("NOT_FOUND", message)
            return function(model, request)
        except Refused as err:
            context.abort(grpc.StatusCode[err.status], err.message)

    return handle


def _grpc_predict(model: StubModel, request: Any) -> predict_pb2.PredictResponse:
    outputs = model.predict(list(request.inputs["image_bytes"].string_val))
    response = predict_pb2.PredictResponse()
    for name, values in outputs.items():
        tensor = response.outputs[name]
        tensor.dtype = DTYPES[name]
        shape = [len(values), *([model.classes] if name == "area_fraction" else [])]
        for size in shape:
            tensor.tensor_shape.dim.add(size=size)
        flat = np.ravel(values).tolist() if name == "area_fraction" else values
        getattr(tensor, VALUES[tensor.dtype]).extend(flat)
        assert math.prod(shape) == len(flat)
    return response


def _grpc_metadata(
    model: StubModel, request: Any
) -> model_metadata_pb2.GetModelMetadataResponse:
    assert list(request.metadata_field) == ["signature_def"]
    response = model_metadata_pb2.GetModelMetadataResponse()
    response.model_spec.name = model.name
    response.model_spec.version.value = model.version
    packed = response.metadata["signature_def"]
    packed.type_url = "type.googleapis.com/tensorflow.serving.SignatureDefMap"
    packed.value = signatures(model).SerializeToString()
    return response


def _grpc_status(
    model: StubModel, request: Any
) -> model_status_pb2.GetModelStatusResponse:
    response = model_status_pb2.GetModelStatusResponse()
    for version, state in ((model.version - 1, "END"), (model.version, model.state)):
        entry = response.model_version_status.add(version=version)
        entry.state = model_status_pb2.ModelVersionStatus.State.Value(state)
    response.model_version_status[0].status.error_code = model_status_pb2.UNKNOWN
    response.model_version_status[0].status.error_message = "no such file"
    return response


class _RestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: StubModel

    def do_GET(self) -> None:
        self.answer(self.get)

    def do_POST(self) -> None:
        self.answer(self.post)

    def answer(self, work: Callable[[], Any]) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.model.calls.append(f"{self.path} from {self.client_address[1]}")
        try:
            self.model.take_fault()
            code, content = 200, work()
        except Refused as err:
            code, content = HTTP_CODES[err.status], {"error": err.message}
        body = json.dumps(content, indent=4).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def get(self) -> dict[str, Any]:
        self.check_name()
        if self.path.endswith("/metadata"):
            return self.metadata()
        good = {"error_code": "OK", "error_message": ""}
        bad = {"error_code": "UNKNOWN", "error_message": "no such file"}
        states = [(7, self.model.state, good), (6, "END", bad)]
        return {
            "model_version_status": [
                {"version": str(version), "state": state, "status": status}
                for version, state, status in states
            ]
        }

    def metadata(self) -> dict[str, Any]:
        tensors = {
            name: {
                "dtype": tensor_pb2.DataType.Name(dtype),
                "tensor_shape": {
                    "dim": [{"size": "-1", "name": ""}]
                    + (
                        [{"size": str(self.model.classes), "name": ""}]
                        if name == "area_fraction"
                        else []
                    ),
                    "unknown_rank": False,
                },
                "name": f"{name}:0",
            }
            for name, dtype in DTYPES.items()
        }
        default = {
            "inputs": {"image_bytes": tensors["mask_png_bytes"]},
            "outputs": tensors,
            "method_name": "tensorflow/serving/predict",
            "defaults": {},
        }
        shape = {"dim": [], "unknown_rank": True}
        x = {"dtype": "DT_INVALID", "tensor_shape": shape, "name": ""}
        odd = {"inputs": {"x": x}, "outputs": {}, "method_name": "", "defaults": {}}
        return {
            "model_spec": {
                "name": self.model.name,
                "signature_name": "",
                "version": str(self.model.version),
            },
            "metadata": {
                "signature_def": {
                    "signature_def": {"serving_default": default, "odd": odd}
                }
            },
        }

    def post(self) -> dict[str, Any]:
        self.check_name()
        request = json.loads(self.body)
        assert request["signature_name"] == "serving_default"
        column = request["inputs"]["image_bytes"]
        photos = [base64.b64decode(item["b64"]) for item in column]
        outputs = self.model.predict(photos)
        outputs["mask_png_bytes"] = [
            {"b64": base64.b64encode(png).decode()} for png in outputs["mask_png_bytes"]
        ]
        return {"outputs": outputs}

    def check_name(self) -> None:
        if f"/v1/models/{self.model.name}" not in self.path:
            raise Refused("NOT_FOUND", "Servable not found for request: Latest(other)")

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def rest_stub(model: StubModel | None = None, port: int = 0) -> Iterator[Stub]:
    model = model or StubModel()
    handler = type("Handler", (_RestHandler,), {"model": model})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    try:
        yield Stub(f"http://127.0.0.1:{server.server_address[1]}", model)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


STUBS = {"grpc": grpc_stub, "rest": rest_stub}
