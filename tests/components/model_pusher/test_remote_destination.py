"""An object store has no rename: the model goes last, and the record after it."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf
from tfx.dsl.io import fileio, filesystem_registry
from tfx.dsl.io.plugins.tensorflow_gfile import TensorflowFilesystem

from components.model_packager import package
from components.model_packager.manifest import MANIFEST_FILE as PACKAGERS_MANIFEST
from components.model_pusher.open_destination import open_destination
from components.model_pusher.packaged_model import (
    DESCRIBING_FILES,
    MANIFEST_FILE,
    PackagedModel,
)
from components.model_pusher.push import Pushed, PushRequest, push_model
from components.model_pusher.remote_destination import RemoteDestination
from tests.components.model_pusher.drawn_package import draw_package, files_below

pytestmark = pytest.mark.integration

NOW = datetime.fromtimestamp(1_700_000_000, timezone.utc)
FIRST = 1_700_000_000


class MemoryFilesystem(TensorflowFilesystem):
    """TensorFlow's own store in memory, which behaves as gs:// does."""

    SUPPORTED_SCHEMES = ["ram://"]  # noqa: RUF012

    @staticmethod
    def open(path: str, mode: str = "r") -> Any:
        if mode == "wb" and tf.io.gfile.exists(path):
            tf.io.gfile.remove(path)  # the one in memory would write over the start
        return tf.io.gfile.GFile(path, mode)


@pytest.fixture
def place(tmp_path: Path) -> str:
    filesystem_registry.DEFAULT_FILESYSTEM_REGISTRY.register(MemoryFilesystem, 0)
    return f"ram://bucket/{tmp_path.name}/served"


@pytest.fixture
def models(tmp_path: Path) -> list[PackagedModel]:
    return [draw_package(tmp_path / f"{seed}", seed) for seed in range(3)]


def push(model: PackagedModel, place: str, **options: int) -> Pushed:
    destination = open_destination(place, "car")
    assert isinstance(destination, RemoteDestination)
    request = PushRequest(model_name="car", now=NOW, **options)
    return push_model(model, destination, request)


def test_pusher_and_packager_mean_the_same_manifest() -> None:
    assert MANIFEST_FILE == PACKAGERS_MANIFEST
    assert {package.CARD_FILE, package.CARD_JSON_FILE, package.METRICS_FILE} == (
        DESCRIBING_FILES
    )


def test_a_remote_push_is_the_same_model_once(
    place: str, models: list[PackagedModel]
) -> None:
    assert push(models[0], place).is_new
    for name, content in files_below(models[0].folder).items():
        with fileio.open(f"{place}/car/{FIRST}/{name}", "rb") as stream:
            assert stream.read() == content
    assert not push(models[0], place).is_new
    assert push(models[1], place).version == FIRST + 1
    assert push(models[2], place, keep_versions=1).removed == (FIRST, FIRST + 1)
    assert open_destination(place, "car").versions() == [FIRST + 2]
    with fileio.open(f"{place}/car/BLESSED.json") as stream:
        assert json.load(stream)["version"] == FIRST + 2


def test_a_half_pushed_version_has_no_model_and_goes_with_the_next_push(
    place: str, models: list[PackagedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    push(models[0], place)
    copied: list[str] = []

    def copy_some(source: str, target: str, *rest: object) -> None:
        if target.endswith("saved_model.pb"):
            raise tf.errors.ResourceExhaustedError(None, None, "quota is used up")
        copied.append(target)
        tf.io.gfile.copy(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(fileio, "copy", copy_some)
        with pytest.raises(OSError, match=r"ram://\S+/served/car is not \(quota"):
            push(models[1], place)
    assert len(copied) == 5  # all but the model
    destination = open_destination(place, "car")
    assert destination.versions() == [FIRST]

    fileio.makedirs(f"{place}/car/{FIRST + 1}")  # of a push that was killed
    with fileio.open(f"{place}/car/{FIRST + 1}/half", "wb") as stream:
        stream.write(b"half")
    assert push(models[1], place).version == FIRST + 1
    assert destination.versions() == [FIRST, FIRST + 1]
    assert destination.size_bytes(f"{FIRST + 1}/half") is None
