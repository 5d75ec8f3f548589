from __future__ import annotations

from collections.abc import Iterator

import pytest

from serving.server.api.service import ModelService
from serving.server.rest.rest_api import RestApi
from tests.serving.server.rest.small_model import small_service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelService]:
    with small_service(tmp_path_factory.mktemp("small") / "model") as running:
        yield running


@pytest.fixture(scope="session")
def api(service: ModelService) -> RestApi:
    return RestApi(service)
