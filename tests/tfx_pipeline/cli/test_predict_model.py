"""The folder behind `--model`: a SavedModel, or the highest of its versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfx_pipeline.cli.predict_model import ModelFolder, find_model
from tfx_pipeline.config.usage_error import UsageError


def test_a_model_is_found_by_itself_or_as_the_highest_version(tmp_path: Path) -> None:
    for name in ("9", "10", "011", "latest", "12"):
        (tmp_path / name).mkdir()
    for name in ("9", "10", "011", "latest"):
        (tmp_path / name / "saved_model.pb").touch()

    assert find_model(str(tmp_path)) == ModelFolder(path=tmp_path / "011", version=11)
    assert find_model(str(tmp_path / "9")) == ModelFolder(
        path=tmp_path / "9", version=9
    )
    assert find_model(str(tmp_path / "latest")).version == 1
    assert find_model(str(tmp_path / "9")).taxonomy_file is None
    with pytest.raises(
        UsageError, match=r"--model must be .* prints where it packaged"
    ):
        find_model(str(tmp_path / "12"))
