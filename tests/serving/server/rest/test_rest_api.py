from __future__ import annotations

from typing import Any

import pytest

from serving.server.api.service import ModelService
from serving.server.errors import Code, ServingError
from serving.server.rest.answer import refuse
from serving.server.rest.rest_api import RestApi
from tests.serving.server.rest.calling import PREDICT, error, post


@pytest.mark.parametrize(
    ("code", "status"),
    [
        *((Code.INVALID_ARGUMENT, 400), (Code.FAILED_PRECONDITION, 400)),
        *((Code.OUT_OF_RANGE, 400), (Code.UNAUTHENTICATED, 401)),
        *((Code.PERMISSION_DENIED, 403), (Code.NOT_FOUND, 404)),
        *((Code.ALREADY_EXISTS, 409), (Code.ABORTED, 409)),
        *((Code.RESOURCE_EXHAUSTED, 429), (Code.CANCELLED, 499)),
        *((Code.UNKNOWN, 500), (Code.INTERNAL, 500), (Code.DATA_LOSS, 500)),
        *((Code.UNIMPLEMENTED, 501), (Code.UNAVAILABLE, 503)),
        (Code.DEADLINE_EXCEEDED, 504),
    ],
)
def test_every_error_has_its_status(code: Code, status: int) -> None:
    answer = refuse(ServingError("so it is", code))
    assert (answer.status, answer.body) == (
        status,
        b'{\n    "error": "so it is"\n}',
    )


def test_a_fault_of_the_server_is_an_answer_too(api: RestApi) -> None:
    class Broken:
        def counted(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("broken")

    status, answer = post(RestApi(Broken()), {})  # type: ignore[arg-type]
    assert (status, answer) == (500, error("RuntimeError: broken"))


CORS = {
    b"access-control-allow-origin": b"*",
    b"access-control-allow-methods": b"POST, GET",
    b"access-control-allow-headers": b"Content-Type",
}


@pytest.mark.parametrize("allows", [True, False])
def test_headers_for_browsers_come_with_the_flag_only(
    service: ModelService, allows: bool
) -> None:
    api = RestApi(service, allows_other_origins=allows, metrics_path="/metrics")
    expected = CORS if allows else {}
    origin = {b"origin": b"https://shop.example"}
    for method, path, headers, status in (
        ("OPTIONS", PREDICT, origin, 200),
        ("OPTIONS", "/v1/anything", {b"origin": b"see http://x"}, 200),
        ("OPTIONS", PREDICT, {}, 400),
        ("OPTIONS", PREDICT, {b"origin": b"null"}, 400),
        ("GET", "/v1/models/m", origin, 200),
        ("GET", "/v1/models/x", {}, 404),
        ("GET", f"/v1/models/m/versions/{2**63}", {}, 400),
    ):
        answer = api.answer(method, path, headers, b"")
        assert (answer.status, dict(answer.headers)) == (status, expected)
    assert api.answer("OPTIONS", PREDICT, origin, b"").body == b""
    assert api.answer("OPTIONS", "/v2", origin, b"").status == 404
    assert api.answer("GET", "/metrics", {}, b"").headers == ()


def test_metrics_stand_at_their_path_and_nowhere_else(service: ModelService) -> None:
    where = "/monitoring/metrics"
    api = RestApi(service, metrics_path=where, render_metrics=lambda: "page\n")
    page = api.answer("GET", where, {}, b"")
    assert (page.status, page.body, page.content_type) == (
        200,
        b"page\n",
        b"text/plain",
    )
    for other in (f"{where}?x=1", f"{where}/more"):
        answer = api.answer("GET", other, {}, b"")
        words = f"Unexpected path: {other}. Should be {where}"
        assert (answer.status, answer.body.decode()) == (400, words)
        assert answer.content_type == b"text/plain"
    assert api.answer("GET", f"{where}s", {}, b"").status == 404
    assert RestApi(service).answer("GET", where, {}, b"").status == 404
