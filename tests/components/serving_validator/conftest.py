from __future__ import annotations

from pathlib import Path

import pytest

from tests.components.serving_validator.packaged import package, photos
from tests.serving.exported import export_drawn_model


@pytest.fixture(scope="session")
def right_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drawn model, packaged as ModelPackager does it."""
    folder = tmp_path_factory.mktemp("right")
    export_drawn_model(folder / "trained", photos=photos())
    return package(folder / "trained", folder / "packaged" / "Format-Serving")
