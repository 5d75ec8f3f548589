from __future__ import annotations

import gzip

import pytest

from serving.server.api.service import ModelService
from serving.server.rest.rest_api import RestApi
from tests.serving.server.rest.calling import post


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate, gzip"])
def test_a_gzip_body_is_inflated(api: RestApi, encoding: str) -> None:
    body = gzip.compress(b'{"instances": [4]}')
    assert post(api, body, content_encoding=encoding) == (200, {"predictions": [4.0]})
    assert post(api, body)[0] == 400


@pytest.mark.parametrize(
    "body",
    [b"{}", gzip.compress(b'{"instances": [4]}')[:-5], gzip.compress(b"{}")[:12]],
    ids=["plain", "no end", "half"],
)
def test_what_is_no_gzip_is_an_empty_document(api: RestApi, body: bytes) -> None:
    status, answer = post(api, body, content_encoding="gzip")
    assert status == 400
    assert answer["error"].startswith("JSON Parse error: The document is empty: the gz")


def test_a_gzip_body_does_not_grow_without_end(service: ModelService) -> None:
    limited = RestApi(service, max_body_bytes=1000)
    text = b'{"instances": [4]}'
    for size, status in ((1000, 200), (1001, 413), (10_000_000, 413)):
        body = gzip.compress(text.ljust(size))
        found, answer = post(limited, body, content_encoding="gzip")
        assert found == status
    assert answer["error"].startswith("a request must have at most 1000 bytes, unpack")


def test_the_content_type_is_not_looked_at(api: RestApi) -> None:
    for kind in ("text/plain", "image/png", ""):
        assert post(api, {"instances": [0]}, content_type=kind)[0] == 200
