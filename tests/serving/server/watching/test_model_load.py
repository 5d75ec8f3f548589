from __future__ import annotations

from pathlib import Path

import pytest

from serving.server.watching.metrics import Metrics
from serving.server.watching.model_load import counted_load
from tests.serving.server.watching.test_metrics import values

ATTEMPTS = ":tensorflow:cc:saved_model:load_attempt_count"


def test_tries_are_counted_by_their_end(tmp_path: Path) -> None:
    metrics = Metrics()
    path = str(tmp_path / "00000012")
    for _ in range(2):
        with pytest.raises(OSError, match="half"), counted_load("m", path, metrics):
            raise OSError("half a copy")
    with counted_load("m", path, metrics):
        pass
    found = values(metrics.render())
    assert found[f'{ATTEMPTS}{{model_path="{path}",status="fail"}}'] == 2
    assert found[f'{ATTEMPTS}{{model_path="{path}",status="success"}}'] == 1
    assert f':tensorflow:cc:saved_model:load_latency{{model_path="{path}"}}' in found
    assert not any(":mlmd_map{" in name for name in found)


def test_the_id_of_ml_metadata_is_told_by_version(tmp_path: Path) -> None:
    metrics = Metrics()
    version = tmp_path / "00000012"
    (version / "assets.extra").mkdir(parents=True)
    (version / "assets.extra/mlmd_uuid").write_text("an id")
    with counted_load("m", f"{version}/", metrics):
        pass
    found = values(metrics.render())
    assert found[':tensorflow:serving:mlmd_map{model_name="m",version="12"}'] == 0
