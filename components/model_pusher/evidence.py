"""Who allowed a push, as `BLESSED.json` says it."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Mapping
from typing import Any

from tfx import types
from tfx.dsl.io import fileio
from tfx.types import artifact_utils

Artifacts = Mapping[str, list[types.Artifact]]


def collect_evidence(input_dict: Artifacts) -> dict[str, Any]:
    """Returns what names verdict, validation and, where there is one, approval."""
    evidence = {name: _named(input_dict, name) for name in ("verdict", "validation")}
    approval = read_approval(input_dict)
    if approval is None:
        return evidence
    return {
        **evidence,
        "approval": _named(input_dict, "approval"),
        **describe_approval(approval),
    }


def describe_approval(approval: Mapping[str, Any]) -> dict[str, Any]:
    """Returns who approved the model, with which reason."""
    return {name: approval[name] for name in ("approved_by", "reason")}


def read_approval(input_dict: Artifacts) -> dict[str, Any] | None:
    """Returns `approval.json`, None where no such artifact came in."""
    if not input_dict.get("approval"):
        return None
    artifact = artifact_utils.get_single_instance(input_dict["approval"])
    approval: dict[str, Any] = json.loads(_read(artifact, "approval.json"))
    return approval


def _named(input_dict: Artifacts, name: str) -> dict[str, Any] | None:
    """Returns what names an artifact in ML Metadata, and its first line."""
    if not input_dict.get(name):
        return None
    artifact = artifact_utils.get_single_instance(input_dict[name])
    summary = _read(artifact, f"{name}.txt").decode("utf-8").partition("\n")[0]
    return {
        "artifact_id": artifact.id,
        "sha256": hashlib.sha256(_read(artifact, f"{name}.json")).hexdigest(),
        "summary": summary,
    }


def _read(artifact: types.Artifact, name: str) -> bytes:
    with fileio.open(posixpath.join(artifact.uri, name), "rb") as stream:
        content: bytes = stream.read()
    return content
