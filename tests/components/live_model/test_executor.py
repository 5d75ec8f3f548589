"""The artifact holds the live model's files, or says in one line that it has none."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest
from google.protobuf import struct_pb2
from tfx import types
from tfx.types import standard_artifacts

from components.live_model.component import LiveModel
from components.live_model.executor import REPORT_FILE, Executor
from components.live_model.existing_models import damage_of, existing_models
from components.model_pusher.open_destination import open_destination
from components.model_pusher.push import PushRequest, push_model
from tests.components.model_pusher.drawn_package import draw_package, files_below

pytestmark = pytest.mark.integration


def look(folder: Path, name: str = "found") -> types.Artifact:
    """Runs the node on `<folder>/served`."""
    node = LiveModel(
        directory=str(folder / "served"),
        model_name="car",
        destination_fingerprint="any",
        code_fingerprint="abc",
    )
    model = standard_artifacts.Model()
    model.uri = str(folder / name)
    Executor().Do({}, {"model": [model]}, dict(node.exec_properties))
    return model


def push(folder: Path) -> Path:
    """Pushes a model; returns the folder of its version."""
    destination = open_destination(str(folder / "served"), "car")
    now = datetime(2026, 11, 1, tzinfo=timezone.utc)
    package = draw_package(folder / "package", 1)
    pushed = push_model(package, destination, PushRequest(model_name="car", now=now))
    return folder / "served/car" / str(pushed.version)


def report(model: types.Artifact) -> dict[str, object]:
    content: dict[str, object] = json.loads(Path(model.uri, REPORT_FILE).read_text())
    return content


def as_kubeflow_gives_it(model: types.Artifact) -> types.Artifact:
    """Returns the artifact as its next reader gets it: properties are JSON values."""
    passed_on = standard_artifacts.Model()
    passed_on.uri = model.uri
    for name, value in model.mlmd_artifact.custom_properties.items():
        plain = value.string_value
        number = float(value.int_value)
        passed_on.mlmd_artifact.custom_properties[name].struct_value.CopyFrom(
            struct_pb2.Struct(
                fields={
                    "__value__": struct_pb2.Value(string_value=plain)
                    if value.HasField("string_value")
                    else struct_pb2.Value(number_value=number)
                }
            )
        )
    return passed_on


def test_the_live_model_is_copied_whole(tmp_path: Path) -> None:
    version = push(tmp_path)

    model = look(tmp_path)

    assert files_below(Path(model.uri, "Format-Serving")) == files_below(version)
    copied, pushed = (
        folder / "saved_model.pb"
        for folder in (Path(model.uri, "Format-Serving"), version)
    )
    assert not copied.samefile(pushed)
    assert model.get_int_custom_property("exists") == 1
    assert model.get_string_custom_property("version") == version.name
    assert report(model)["exists"] is True
    for found in (model, as_kubeflow_gives_it(model)):
        assert existing_models([found]) == [found]
        assert damage_of([found]) == ""


def test_without_a_push_the_artifact_says_so_and_has_no_model(tmp_path: Path) -> None:
    model = look(tmp_path)

    assert [path.name for path in Path(model.uri).iterdir()] == [REPORT_FILE]
    assert report(model) == {
        "exists": False,
        "damage": "",
        "version": None,
        "model_sha256": None,
    }
    assert not (tmp_path / "served").exists()
    for found in (model, as_kubeflow_gives_it(model)):
        assert existing_models([found]) == []
        assert damage_of([found]) == ""


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("saved_model.pb", b"cut off", "its files are not those that were pushed"),
        (
            "assets/taxonomy.json",
            b"\0" * 400,  # as long as the pushed one
            "assets/taxonomy.json has another content than was pushed",
        ),
    ],
    ids=["another size", "another content"],
)
def test_a_damaged_model_is_left_out_and_says_why(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    version = push(tmp_path)
    (version / name).write_bytes(content)

    model = look(tmp_path)

    said = f"version {version.name} is damaged, {sentence}"
    assert [path.name for path in Path(model.uri).iterdir()] == [REPORT_FILE]
    assert existing_models([model]) == []
    assert damage_of([model]) == said
    assert damage_of([as_kubeflow_gives_it(model)]) == said


def test_a_destination_that_cannot_be_read_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("components.live_model.executor.find_live_version", refuse)

    with pytest.raises(ValueError, match=r"served/car is not \(.*Permission denied\);"):
        look(tmp_path)


def test_a_record_that_is_not_ours_stops_the_node(tmp_path: Path) -> None:
    push(tmp_path)
    (tmp_path / "served/car/BLESSED.json").write_text("[]")

    with pytest.raises(ValueError, match=r"BLESSED\.json must be as the pusher wrote"):
        look(tmp_path)


def test_a_model_of_another_origin_is_taken_as_it_is() -> None:
    trained = standard_artifacts.Model()

    assert existing_models([trained]) == [trained]
    assert existing_models(None) == []


def test_the_node_carries_what_can_change_its_output() -> None:
    node = LiveModel(
        directory="/srv",
        model_name="car",
        destination_fingerprint="nothing is live",
        code_fingerprint="abc",
    )

    assert node.exec_properties == {
        "directory": "/srv",
        "model_name": "car",
        "destination_fingerprint": "nothing is live",
        "code_fingerprint": "abc",
    }
