from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tfx.types import channel_utils, standard_artifacts

from components.artifacts import Approval, GateVerdict
from components.model_pusher.component import ModelPusher
from components.model_pusher.executor import (
    NOT_APPROVED,
    NOT_BLESSED,
    NOT_PACKAGED,
    NOT_SERVED,
    OTHER_APPROVED,
    Executor,
)
from tests.components.model_pusher.drawn_package import draw_package, files_below

pytestmark = pytest.mark.integration


def make_node(**options: Any) -> ModelPusher:
    kinds = {
        "model": standard_artifacts.Model,
        "model_blessing": standard_artifacts.ModelBlessing,
        "infra_blessing": standard_artifacts.InfraBlessing,
    }
    channels = {
        name: channel_utils.as_channel([kind()]) for name, kind in kinds.items()
    }
    return ModelPusher(
        **channels, **{"directory": "/srv", "model_name": "car"} | options
    )


def run(tmp_path: Path, approval: dict[str, Any] | None = None, **findings: int) -> Any:
    """Pushes with what the three nodes before found, 1 or 0.

    Args:
        tmp_path: Folder of the artifacts.
        approval: Content of `approval.json`, `{}` for a channel that stayed empty;
            None for a pipeline that asks nobody.
        **findings: Of the nodes; 1 where nothing is given.
    """
    inputs: dict[str, Any] = {
        "model": standard_artifacts.Model(),
        "model_blessing": standard_artifacts.ModelBlessing(),
        "infra_blessing": standard_artifacts.InfraBlessing(),
        "verdict": GateVerdict(),
    }
    for name, artifact in inputs.items():
        artifact.uri = str(tmp_path / name)
        key = "packaged" if name == "model" else "blessed"
        artifact.set_int_custom_property(key, findings.get(name, 1))
    if not (tmp_path / "model").exists():
        draw_package(tmp_path / "model/Format-Serving", 1)
        (tmp_path / "verdict").mkdir()
        (tmp_path / "verdict/verdict.json").write_text("{}")
        (tmp_path / "verdict/verdict.txt").write_text("BLESSED: Straßenmodell\n\nx\n")
    inputs["verdict"].id = 41
    if approval:
        inputs["approval"] = write_approval(tmp_path / "approval", approval)
    output = standard_artifacts.PushedModel()
    output.uri = str(tmp_path / "pushed")
    options: dict[str, Any] = {}
    if approval is not None:
        options = {"approval": channel_utils.as_channel([Approval()])}
    node = make_node(directory=str(tmp_path / "served"), keep_versions=3, **options)
    Executor().Do(
        {name: [artifact] for name, artifact in inputs.items()},
        {"pushed_model": [output]},
        dict(node.exec_properties),
    )
    return output, json.loads((tmp_path / "pushed/push.json").read_text("utf-8"))


def write_approval(folder: Path, content: dict[str, Any]) -> Approval:
    folder.mkdir()
    (folder / "approval.json").write_text(json.dumps(content))
    (folder / "approval.txt").write_text("APPROVED: car by Kim: fine\n")
    artifact = Approval()
    artifact.uri, artifact.id = str(folder), 43
    return artifact


def approval_of(model_sha256: str, **changes: Any) -> dict[str, Any]:
    return {
        "approved": True,
        "reasons": [],
        "model_sha256": model_sha256,
        "approved_by": "Kim",
        "reason": "fine",
    } | changes


def test_a_model_with_both_blessings_is_pushed_once(tmp_path: Path) -> None:
    output, report = run(tmp_path)

    version = str(report["version"])
    folder = tmp_path / "served/car" / version
    assert output.get_int_custom_property("pushed") == 1
    assert output.get_string_custom_property("pushed_version") == version
    assert output.get_string_custom_property("pushed_destination") == str(folder)
    assert files_below(folder) == files_below(tmp_path / "model/Format-Serving")
    assert report["is_new"] and report["sentence"] == f"pushed as version {version}"
    assert str(tmp_path) not in json.dumps(report)
    record = json.loads((tmp_path / "served/car/BLESSED.json").read_text("utf-8"))
    assert record["verdict"] == {
        "artifact_id": 41,
        "sha256": hashlib.sha256(b"{}").hexdigest(),
        "summary": "BLESSED: Straßenmodell",
    }
    assert record["validation"] is None
    assert not {"approval", "approved_by", "reason"}.intersection(record)

    again, report = run(tmp_path)
    assert not report["is_new"]
    assert again.get_string_custom_property("pushed_version") == version
    assert again.get_string_custom_property("pushed_destination") == str(folder)


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        ("model", NOT_PACKAGED),
        ("model_blessing", NOT_BLESSED),
        ("infra_blessing", NOT_SERVED),
    ],
)
def test_a_refusal_of_any_node_stops_the_push(
    tmp_path: Path, node: str, sentence: str
) -> None:
    output, report = run(tmp_path, **{node: 0})

    assert output.get_int_custom_property("pushed") == 0
    assert report == {"pushed": False, "reasons": [sentence]}
    assert not (tmp_path / "served").exists()


def test_who_approved_the_model_stands_in_the_record(tmp_path: Path) -> None:
    package = draw_package(tmp_path / "other", 1)

    _, report = run(tmp_path, approval_of(package.model_sha256))

    assert report["approval"] == {"approved_by": "Kim", "reason": "fine"}
    record = json.loads((tmp_path / "served/car/BLESSED.json").read_text("utf-8"))
    assert (record["approved_by"], record["reason"]) == ("Kim", "fine")
    content = (tmp_path / "approval/approval.json").read_bytes()
    assert record["approval"] == {
        "artifact_id": 43,
        "sha256": hashlib.sha256(content).hexdigest(),
        "summary": "APPROVED: car by Kim: fine",
    }
    assert record["verdict"]["artifact_id"] == 41


@pytest.mark.parametrize(
    ("approval", "sentence"),
    [
        ({}, NOT_APPROVED),
        (approval_of("0" * 64), OTHER_APPROVED),
        (approval_of("", approved=False, reasons=["Sign it."]), "Sign it."),
        (approval_of("", approved=False), NOT_APPROVED),
    ],
    ids=["empty channel", "other model", "not approved", "without a reason"],
)
def test_what_no_person_approved_is_not_pushed(
    tmp_path: Path, approval: dict[str, Any], sentence: str
) -> None:
    output, report = run(tmp_path, approval)

    assert output.get_int_custom_property("pushed") == 0
    assert report == {"pushed": False, "reasons": [sentence]}
    assert not (tmp_path / "served").exists()


def test_a_refusal_before_hides_that_nobody_approved(tmp_path: Path) -> None:
    _, report = run(tmp_path, {}, infra_blessing=0)

    assert report["reasons"] == [NOT_SERVED]


def test_the_node_carries_what_can_change_its_output() -> None:
    properties = make_node(
        destination_fingerprint="lost 17", code_fingerprint="abc", keep_versions=2
    ).exec_properties
    assert properties == {
        "directory": "/srv",
        "model_name": "car",
        "keep_versions": 2,
        "needs_approval": 0,
        "destination_fingerprint": "lost 17",
        "code_fingerprint": "abc",
    }
    with pytest.raises(ValueError, match="keep_versions must be 0 or more, got -1"):
        make_node(keep_versions=-1)
