from __future__ import annotations

import numpy as np
import pytest

from serving.server.rest.rest_api import RestApi
from tests.serving.server.rest.calling import PREDICT, error, get, post, read

RNG = np.random.default_rng(24)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/m:predict",
        "/V1/MODELS/m:predict",
        "/v1/models/m:PREDICT",
        "/v1/models/%6D:predict",
        "/v1/models/m/versions/5:predict",
        "/v1/models/m/versions/0003:predict",
        "/v1/models/m:predict?x=1&y=/v2#z",
        "http://somewhere:8501/v1/models/m:predict",
    ],
)
def test_a_model_is_found_by_every_spelling_of_its_path(
    api: RestApi, path: str
) -> None:
    values = RNG.integers(-9, 9, 3).tolist()
    status, answer = post(api, {"instances": values}, path)
    assert (status, answer) == (200, {"predictions": [v / 2 + 2 for v in values]})


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("GET", "/v1/models", "Missing model name in request."),
        ("GET", "/v1/models/versions/3", "Missing model name in request."),
        *(
            (method, path, f"Malformed request: {method} {path}")
            for method, path in [
                ("GET", "/v1/"),
                ("GET", "/v1/models/"),
                ("GET", "/v1/models/m/"),
                ("GET", "/v1/models/m/versions/x"),
                ("GET", "/v1/models/m/versions/3/labels/l"),
                ("GET", "/v1/models/m/other"),
                ("GET", "/v1/models/m:predict"),
                ("POST", "/v1/models/m"),
                ("POST", "/v1/models/m:predictx"),
                ("POST", "/v1/models/m:explain"),
                ("POST", "/v1/models/a/b:predict"),
                ("POST", "/v1/models/:predict"),
                ("PUT", PREDICT),
                ("DELETE", "/v1/models/m"),
                ("HEAD", "/v1/models/m"),
                ("PATCH", PREDICT),
                ("TRACE", "/v1/models/m"),
            ]
        ),
    ],
)
def test_paths_that_mean_nothing_are_bad_requests(
    api: RestApi, method: str, path: str, message: str
) -> None:
    assert read(api.answer(method, path, {}, b"")) == (400, error(message))


@pytest.mark.parametrize("path", ["/", "/v1", "/v2/models/m", "//v1/models/m", "*", ""])
def test_what_is_outside_is_not_found(api: RestApi, path: str) -> None:
    answer = api.answer("GET", path, {}, b"")
    assert (answer.status, answer.content_type) == (404, b"text/html")
    assert b"404 Not Found" in answer.body


@pytest.mark.parametrize("number", [str(2**63), "9" * 30, "1" * 10_000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_version_too_large_for_its_type_gets_no_words(
    api: RestApi, method: str, number: str
) -> None:
    path = f"/v1/models/m/versions/{number}{':predict' if method == 'POST' else ''}"
    assert read(api.answer(method, path, {}, b"{}")) == (400, None)
    assert get(api, f"/v1/models/m/versions/{2**63 - 1}")[0] == 404
