"""How each server is asked for a mask, by clients that cost as little as they can.

The clients share the cores with the servers. So a request is encoded once and sent
again and again, and of an answer only what says its length is read: what is measured is
the servers. All are asked through the same two functions, over gRPC and over HTTP.
"""

from __future__ import annotations

import base64
import json
import logging
import socket
from collections.abc import Callable
from functools import partial
from typing import IO

from benchmarks.serving_load import Ask

NAME = "model"
INPUT, OUTPUT = "image_bytes", "mask_png_bytes"
BATCH_OF_ONE = (1, 1)  # the shape where the batch is a dimension of its own
TIMEOUT_S = 60

MakeAsk = Callable[[], Ask]


def ask_session(model: str, photo: bytes) -> MakeAsk:
    """Asks a Session of this process: the limit."""
    import numpy as np

    from serving.server.models.session_runner import SessionRunner

    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    runner = SessionRunner(model)
    outputs = set(runner.signatures["serving_default"].outputs)

    def ask() -> bytes:
        batch = np.array([photo], object)
        answer = runner.run("serving_default", {INPUT: batch}, outputs)
        return bytes(answer[OUTPUT][0])

    return lambda: ask


# ---- requests ---------------------------------------------------------------------


def ask_rpc(port: str, photo: bytes) -> MakeAsk:
    """Asks TF Serving's gRPC API."""
    from serving.wire.predict_pb2 import PredictRequest
    from serving.wire.tensor_values import bytes_tensor

    request = PredictRequest()
    request.model_spec.name = NAME
    request.inputs[INPUT].CopyFrom(bytes_tensor([photo]))
    path = "/tensorflow.serving.PredictionService/Predict"
    return send_rpc(port, path, request.SerializeToString())


def ask_rest(port: str, photo: bytes) -> MakeAsk:
    """Asks TF Serving's REST API, whose words KServe's V1 protocol shares."""
    body = json.dumps({"instances": [{"b64": base64.b64encode(photo).decode()}]})
    return send_http(port, f"/v1/models/{NAME}:predict", body.encode())


def ask_v2_rpc(port: str, photo: bytes, *, shape: tuple[int, ...] = (1,)) -> MakeAsk:
    """Asks the gRPC API of the Open Inference Protocol (KServe's V2, Triton's)."""
    tensor = encode_field(1, INPUT.encode()) + encode_field(2, b"BYTES")
    tensor += encode_field(3, bytes(shape))
    request = encode_field(1, NAME.encode()) + encode_field(5, tensor)
    request += encode_field(7, v2_bytes(photo))
    return send_rpc(port, "/inference.GRPCInferenceService/ModelInfer", request)


def ask_v2_http(port: str, photo: bytes, *, shape: tuple[int, ...] = (1,)) -> MakeAsk:
    """Asks the same protocol over HTTP, with the tensors as bytes behind the JSON."""
    content = v2_bytes(photo)
    tensor = {"name": INPUT, "shape": shape, "datatype": "BYTES"}
    inputs = [tensor | {"parameters": {"binary_data_size": len(content)}}]
    outputs = [{"name": OUTPUT, "parameters": {"binary_data": True}}]
    head = json.dumps({"inputs": inputs, "outputs": outputs}).encode()
    length = f"Inference-Header-Content-Length: {len(head)}\r\n"
    return send_http(port, f"/v2/models/{NAME}/infer", head + content, headers=length)


def v2_bytes(photo: bytes) -> bytes:
    """Returns the raw form of a BYTES tensor with one element."""
    return len(photo).to_bytes(4, "little") + photo


def encode_field(number: int, content: bytes) -> bytes:
    """Returns a field of a protobuf message that is bytes, a message or packed."""
    length, rest = bytearray(), len(content)
    while rest > 0x7F:
        length.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([number << 3 | 2, *length, rest]) + content


# ---- transports -------------------------------------------------------------------


def send_rpc(port: str, path: str, request: bytes) -> MakeAsk:
    """Sends a message over gRPC, each client on a connection of its own."""
    import grpc

    # Else gRPC would put all channels of a process on one connection.
    options = [("grpc.use_local_subchannel_pool", 1)]

    def make() -> Ask:
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options)
        call = channel.unary_unary(path)

        def ask() -> bytes:
            answer: bytes = call(request, timeout=TIMEOUT_S)
            return answer

        return ask

    return make


def send_http(port: str, path: str, body: bytes, *, headers: str = "") -> MakeAsk:
    """Posts a body over HTTP, each client on a connection that is kept."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    message = head.encode() + body

    def make() -> Ask:
        connection = socket.create_connection(("127.0.0.1", int(port)), TIMEOUT_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = connection.makefile("rb")

        def ask() -> bytes:
            connection.sendall(message)
            return read_answer(stream)

        return ask

    return make


def read_answer(stream: IO[bytes]) -> bytes:
    """Returns the body of an HTTP answer that says its length."""
    status, length = stream.readline(), 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    body = stream.read(length)
    if b" 200 " not in status:
        raise RuntimeError(f"the server answered {status + body[:500]!r}")
    return body


WAYS: dict[str, Callable[[str, bytes], MakeAsk]] = {
    "threads": ask_session,
    "gRPC": ask_rpc,
    "REST": ask_rest,
    "KServe gRPC": ask_v2_rpc,
    "KServe REST": ask_rest,
    "PyTriton gRPC": partial(ask_v2_rpc, shape=BATCH_OF_ONE),
    "PyTriton HTTP": partial(ask_v2_http, shape=BATCH_OF_ONE),
}


def holds_mask(answer: bytes, mask_png: bytes) -> bool:
    """Tells whether an answer of any way holds the PNG."""
    return mask_png in answer or base64.b64encode(mask_png) in answer
