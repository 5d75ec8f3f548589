from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from serving.server.settings.model_config import models_of
from tests.serving.server.models.fake_loader import Loader, wait_until
from tests.serving.server.models.served import Served, config
from tests.serving.server.models.version_folders import (
    add_version,
    entry,
    running_catalog,
)


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture(params=[False], ids=["labels of what answers"])
def allow_labels(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def served(loader: Loader, allow_labels: bool, tmp_path: Path) -> Iterator[Served]:
    add_version(tmp_path / "a", 1)
    with running_catalog(loader, allow_labels=allow_labels) as (catalog, manager):
        catalog.start(models_of(config(entry("a", tmp_path / "a"))))
        wait_until(lambda: manager.all_available(["a"]))
        yield Served(catalog, manager)
