"""Answers over REST that are not what was asked for."""

from __future__ import annotations

import json

import pytest

from serving.client import ClientError, ServerError, ServingError, connect
from serving.client.errors import status_of_http
from tests.serving.client.test_http_connection import raw_server


def answer_with(code: int, body: bytes) -> ServingError:
    """Returns what a client makes of one answer to Predict."""
    head = f"HTTP/1.1 {code} X\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with (
        raw_server(lambda connection: connection.sendall(head + body)) as (host, port),
        connect(f"http://{host}:{port}") as client,
        pytest.raises(ServingError) as caught,
    ):
        client.predict(b"photo", timeout_s=5)
    return caught.value


@pytest.mark.parametrize(
    ("code", "body", "status", "sentence"),
    [
        (400, b'{"error": "image_bytes[0] is bad\\n"}', "INVALID_ARGUMENT", "is bad"),
        (400, b"", "INVALID_ARGUMENT", "HTTP 400"),
        (404, b"<h1>Not\n Found</h1>", "NOT_FOUND", "HTTP 404 <h1>Not Found</h1>"),
        (413, b"too large", "INVALID_ARGUMENT", "HTTP 413 too large"),
        (418, b"[]", "INVALID_ARGUMENT", "HTTP 418"),
        (301, b"", "UNKNOWN", "HTTP 301"),
        (200, b"<html>", "DATA_LOSS", "no JSON object: <html>"),
        (200, b"\xff", "DATA_LOSS", "no JSON object"),
        (200, b'{"outputs": [1]}', "DATA_LOSS", "several outputs, got [1]"),
        (200, b'{"outputs": {"a": [{"b64": "?"}]}}', "DATA_LOSS", ""),
        (200, b'{"outputs": {"height": [1]}}', "DATA_LOSS", "got {'height': [1]}"),
    ],
)
def test_it_is_told_with_its_status(
    code: int, body: bytes, status: str, sentence: str
) -> None:
    error = answer_with(code, body)

    assert error.status == status
    assert sentence in error.message
    assert isinstance(error, ClientError if 400 <= code < 500 else ServerError)


def test_an_answer_for_fewer_photos_is_refused() -> None:
    column = {"height": [], "width": [], "area_fraction": [[0.5, 0.5]]}
    outputs = column | {"mask_png_bytes": [], "confidence": []}

    error = answer_with(200, json.dumps({"outputs": outputs}).encode())

    assert error.message.startswith("1 photos must be answered by mask_png_bytes")


def test_every_code_of_tf_serving_has_its_name_back() -> None:
    assert [status_of_http(code) for code in (503, 504, 429, 500, 501, 599)] == [
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "RESOURCE_EXHAUSTED",
        "INTERNAL",
        "UNIMPLEMENTED",
        "UNKNOWN",
    ]
