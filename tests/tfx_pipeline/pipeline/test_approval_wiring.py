"""Where the approval stands in the pipeline, and what of it reaches the cache."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tfx_pipeline.config.presets import smoke
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.workspace import Workspace

pytestmark = pytest.mark.integration

PUSHING = {"candidates": {"further": {"big": {}}}}


def nodes(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    """Returns the nodes of a plan with two candidates, by id."""
    from tfx_pipeline.pipeline.create_pipeline import create_pipeline
    from tfx_pipeline.runners.make_plan import make_plan

    config = smoke().replaced(PUSHING | values)
    pipeline = create_pipeline(make_plan(config, Workspace.at(str(folder / "root"))))
    return {node.id: node for node in pipeline.components}


def test_a_person_is_asked_between_server_check_and_pusher(tmp_path: Path) -> None:
    path = str(tmp_path / "approval.yaml")

    unsigned = nodes(tmp_path, {"push": {"approval": path}})
    Path(path).write_text("model: abc\n")
    signed = nodes(tmp_path, {"push": {"approval": path}})

    for candidate in ("", "_big"):
        approval = signed[f"ModelApproval{candidate}"]
        pusher = signed[f"ModelPusher{candidate}"]
        check = signed[f"ServingValidator{candidate}"]
        assert approval.inputs["infra_blessing"] is check.outputs["blessing"]
        assert approval.inputs["model"] is pusher.inputs["model"]
        assert pusher.inputs["approval"] is approval.outputs["approval"]
        assert pusher.exec_properties["needs_approval"] == 1
        assert approval.exec_properties["model_name"] == f"carseg{candidate}"
        assert approval.exec_properties["code_fingerprint"]
        seen = [
            json.loads(
                found[f"ModelApproval{candidate}"].exec_properties["signed_file"]
            )
            for found in (unsigned, signed)
        ]
        assert seen == [
            {"path": path, "text": None},
            {"path": path, "text": "model: abc\n"},
        ]
    changed = {
        name
        for name, node in signed.items()
        if node.exec_properties != unsigned[name].exec_properties
    }
    assert changed == {"ModelApproval", "ModelApproval_big"}


def test_without_the_setting_nobody_is_asked(tmp_path: Path) -> None:
    found = nodes(tmp_path, {})

    assert not [name for name in found if name.startswith("ModelApproval")]
    assert found["ModelPusher"].exec_properties["needs_approval"] == 0
    assert "approval" not in found["ModelPusher"].inputs


def test_a_folder_for_an_approval_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"push\.approval: the approval must be a file"
    ):
        nodes(tmp_path, {"push": {"approval": str(tmp_path)}})
