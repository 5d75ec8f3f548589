"""Ten thousand bodies, right and wrong: each gets an answer that its client can use."""

from __future__ import annotations

import collections
import json
import random
from typing import Any

import numpy as np
import pytest

from serving.server.rest.rest_api import RestApi
from tests.serving.server.rest.small_model import TYPES

pytestmark = pytest.mark.integration  # seconds, each in a real Session
COUNT = 10_000
SIGNATURES = ["serving_default", "two", "text", "sum", "unequal", "constant", "none"]
SIGNATURES += [f"echo_{name}" for name in TYPES]
NUMBERS = [0, -1, 2**24, 2**31, 2**63, 2**64, -(2**63) - 1, 1e39, -1e-300, 1e999]
OTHERS = [None, True, "", "a", "\ud800", {"b64": "YQ"}, {"b64": "?"}, {"b64": 1}]
WRONG = {400, 404, 501}


def leaf(rng: random.Random) -> Any:
    return rng.choice([rng.choice(NUMBERS), rng.uniform(-9, 9), rng.choice(OTHERS)])


def tree(rng: random.Random, depth: int) -> Any:
    kind = rng.random()
    if depth == 0 or kind < 0.2:
        return leaf(rng)
    if kind < 0.5:
        return [tree(rng, depth - 1)] * rng.randrange(4)
    if kind < 0.7:
        return [tree(rng, depth - 1) for _ in range(rng.randrange(4))]
    names = rng.sample(["x", "a", "b", "b64", "Ж"], rng.randrange(4))
    return {name: tree(rng, depth - 1) for name in names}


def any_document(rng: random.Random) -> Any:
    if rng.random() < 0.05:
        return tree(rng, 3)
    document = {rng.choice(["instances", "inputs"]): tree(rng, 5)}
    if rng.random() < 0.8:
        document["signature_name"] = rng.choice(SIGNATURES)
    if rng.random() < 0.05:
        document[rng.choice(["instances", "inputs", "signature_name"])] = leaf(rng)
    return document


def mutate(rng: random.Random, body: bytes) -> bytes:
    data = bytearray(body)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(data) + 1)
        data[place : place + rng.randrange(3)] = rng.choice(
            [b"", rng.randbytes(1), b"[", b"}", b'"', b",", b"\\", b"NaN", b"1e400"]
        )
    return bytes(data)


def right_values(rng: random.Random) -> np.ndarray:
    shape = [rng.randrange(1, 4) for _ in range(rng.randrange(1, 4))]
    values = [rng.uniform(-1e6, 1e6) for _ in range(int(np.prod(shape)))]
    return np.array(values, np.float32).reshape(shape)


def check_right(api: RestApi, rng: random.Random) -> int:
    key, result = rng.choice([("instances", "predictions"), ("inputs", "outputs")])
    values = right_values(rng)
    body = json.dumps({key: values.tolist()}).encode()
    answer = api.answer("POST", "/v1/models/m:predict", {}, body)
    found = np.array(json.loads(answer.body)[result], np.float32)
    np.testing.assert_array_equal(found, values * np.float32(0.5) + np.float32(2))
    return answer.status


def check_any(api: RestApi, rng: random.Random, body: bytes) -> int:
    name = rng.choice(["m", "m", "m", "x", "m/versions/3", "m/versions/9"])
    method = rng.choice(["predict"] * 6 + ["classify", "regress"])
    answer = api.answer("POST", f"/v1/models/{name}:{method}", {}, body)
    text = answer.body.decode("utf-8", "surrogateescape")
    content = json.loads(text)
    if answer.status == 200:
        assert content.keys() <= {"predictions", "outputs", "results"}
    else:
        assert answer.status in WRONG, (answer, body)
        assert content.keys() == {"error"} and content["error"], body
        assert "Traceback" not in text and "Error: Error" not in text
    return answer.status


def test_no_body_breaks_anything(api: RestApi) -> None:
    rng = random.Random(2016)
    statuses: collections.Counter[int] = collections.Counter()
    for index in range(COUNT):
        document = json.dumps(any_document(rng)).encode()
        if index % 10 == 0:
            status = check_right(api, rng)
        elif index % 10 < 3:
            status = check_any(api, rng, rng.randbytes(rng.randrange(40)))
        elif index % 10 < 6:
            status = check_any(api, rng, mutate(rng, document))
        else:
            status = check_any(api, rng, document)
        statuses[status] += 1
    assert statuses[200] >= COUNT / 10
    assert set(statuses) == {200} | WRONG
