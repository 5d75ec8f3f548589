"""A version whose graph is there before the rest of it, loaded as in production."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from serving.server.models.model_manager import ModelManager
from serving.server.models.session_runner import SessionRunner
from serving.server.models.swap_policy import State
from serving.server.models.version_source import VersionSource
from serving.server.settings.model_config import ModelSettings
from tests.serving.server.models.adding_model import export_adding_model
from tests.serving.server.models.fake_loader import states, wait_until
from tests.serving.server.models.version_folders import PERIOD_S

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("adding")
    return {n: export_adding_model(folder / str(n), float(n)) for n in (1, 2)}


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[ModelManager]:
    manager = ModelManager(
        lambda _name, path: SessionRunner(path), max_retries=1000, retry_interval_s=0.02
    )
    source = VersionSource(period_s=PERIOD_S, aspire=manager.aspire)
    source.watch([ModelSettings(name="m", base_path=str(tmp_path))])
    source.start()
    yield manager
    source.stop()
    manager.close()


def answer(manager: ModelManager) -> float:
    with manager.handle("m") as servable:
        inputs = {"x": np.array([10], np.float32)}
        return float(servable.runner.run("serving_default", inputs, {"y"})["y"][0])


def copy_graph_only(source: Path, target: Path) -> None:
    target.mkdir()
    shutil.copy(source / "saved_model.pb", target)


def copy_half_of_the_graph(source: Path, target: Path) -> None:
    shutil.copytree(source / "variables", target / "variables")
    graph = (source / "saved_model.pb").read_bytes()
    (target / "saved_model.pb").write_bytes(graph[: len(graph) // 2])


@pytest.mark.parametrize("copy", [copy_graph_only, copy_half_of_the_graph])
def test_half_a_copy_is_tried_again_until_it_is_whole(
    manager: ModelManager,
    versions: dict[int, Path],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    copy: Callable[[Path, Path], None],
) -> None:
    shutil.copytree(versions[1], tmp_path / "1")
    wait_until(lambda: states(manager) == {1: State.AVAILABLE})
    copy(versions[2], tmp_path / "2")
    failed = "Loading servable {name: m version: 2} failed"
    wait_until(lambda: caplog.text.count(failed) >= 3)
    assert states(manager) == {2: State.LOADING, 1: State.AVAILABLE}
    assert answer(manager) == 11.0

    shutil.copytree(versions[2], tmp_path / "2", dirs_exist_ok=True)
    wait_until(lambda: states(manager) == {2: State.AVAILABLE, 1: State.END})
    assert answer(manager) == 12.0
