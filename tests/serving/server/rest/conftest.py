from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from serving.server.api.service import ModelService
from serving.server.rest.rest_api import RestApi
from tests.serving.server.rest.small_model import small_service
from tests.serving.server.rest.talking import Echo, front


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelService]:
    with small_service(tmp_path_factory.mktemp("small") / "model") as running:
        yield running


@pytest.fixture(scope="session")
def api(service: ModelService) -> RestApi:
    return RestApi(service)


@pytest.fixture
def no_tracebacks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    # At this point `caplog.records` holds nothing of the test itself.
    records = [*caplog.get_records("call"), *caplog.get_records("teardown")]
    assert [entry for entry in records if entry.levelno >= logging.WARNING] == []


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def port(echo: Echo) -> Iterator[int]:
    with front(echo, max_body_bytes=100_000) as number:
        yield number
