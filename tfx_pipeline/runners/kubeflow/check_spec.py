"""Refuses a pipeline spec that Kubeflow would refuse, or fail on, later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tfx_pipeline.config.usage_error import UsageError

# Linux allows one argument of a command 128 KiB, and a node's inputs are one argument:
# the parameters, and some 300 bytes for each artifact.
MAX_PARAMETERS_BYTES = 100_000
_MAX_NAME = 100  # of Argo's 128, which appends '-driver'
_ARGO_TEMPLATE = "{{"
_KINDS = ("container", "importer")


def check_spec(spec: dict[str, Any]) -> None:
    """Refuses what cannot run.

    Raises:
        UsageError: Node or value, and the way out.
    """
    components, executors = spec["components"], spec["deploymentSpec"]["executors"]
    for name, task in spec["root"]["dag"]["tasks"].items():
        if len(name) > _MAX_NAME:
            raise UsageError(
                f"the name of a node must have {_MAX_NAME} letters or fewer, got"
                f" {name!r}; give the candidate a shorter name"
            )
        label = components[task["componentRef"]["name"]]["executorLabel"]
        (kind,) = executors[label]
        if kind not in _KINDS or (kind == "importer" and "triggerPolicy" in task):
            raise UsageError(
                "a node on Kubeflow Pipelines must be a container, or an importer that"
                f" hangs on no condition, got {kind} for {name}"
            )
        _check_parameters(name, task)


def _check_parameters(node: str, task: dict[str, Any]) -> None:
    size = 0
    for name, value in _constants(task):
        text = value if isinstance(value, str) else json.dumps(value)
        size += len(json.dumps(text))
        # Argo would take it for one of its own variables.
        if _ARGO_TEMPLATE in text:
            raise UsageError(
                f"a text for Kubeflow must be free of {_ARGO_TEMPLATE!r}, got"
                f" {text[:60]!r} as {name} of {node}"
            )
    if size > MAX_PARAMETERS_BYTES:
        raise UsageError(
            f"the parameters of a node must have {MAX_PARAMETERS_BYTES} bytes or fewer"
            f" together, got {size} for {node}; shorten the configuration"
        )


def _constants(task: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, source in task.get("inputs", {}).get("parameters", {}).items():
        if "constant" in source.get("runtimeValue", {}):
            yield name, source["runtimeValue"]["constant"]
