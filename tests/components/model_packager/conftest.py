from __future__ import annotations

from pathlib import Path

import pytest

from tests.serving.exported import export_drawn_model


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Trainer's artifact: the drawn model in `Format-Serving`."""
    folder = tmp_path_factory.mktemp("trained")
    export_drawn_model(folder / "Format-Serving")
    return folder


@pytest.fixture
def saved_model(trained: Path) -> Path:
    return trained / "Format-Serving"
