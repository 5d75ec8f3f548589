"""Calls of a REST API in this process, whose answers are read as JSON."""

from __future__ import annotations

import json
from typing import Any

from serving.server.rest.answer import Answer
from serving.server.rest.rest_api import RestApi

PREDICT = "/v1/models/m:predict"


def post(
    api: RestApi, body: Any, path: str = PREDICT, **headers: str
) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    packed = {
        name.replace("_", "-").encode(): value.encode()
        for name, value in headers.items()
    }
    return read(api.answer("POST", path, packed, data))


def get(api: RestApi, path: str) -> tuple[int, Any]:
    return read(api.answer("GET", path, {}, b""))


def read(answer: Answer) -> tuple[int, Any]:
    assert answer.content_type == b"application/json"
    return answer.status, json.loads(answer.body) if answer.body else None


def error(message: str) -> dict[str, str]:
    return {"error": message}
