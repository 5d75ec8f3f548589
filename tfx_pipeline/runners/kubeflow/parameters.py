"""What a person may set when a compiled pipeline starts: types, and rules of values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tfx_pipeline.config.unknown_name import unknown_name
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.kubeflow.package import Package

_TYPES: Mapping[str, Callable[[str], Any]] = {
    "STRING": str,
    "NUMBER_INTEGER": int,
    "NUMBER_DOUBLE": float,
}
# Parameter to what holds for its value, and the rule in words. A node would refuse
# other values, too, but the run has begun then.
_RULES: Mapping[str, tuple[Callable[[Any], object], str]] = {
    "data_path": (
        re.compile(r"(/.*)?").fullmatch,
        "an absolute path in the containers",
    ),
    "dataset": (re.compile(r"[^\s/]+(/[^\s/]+)?").fullmatch, "NAME or NAME/CONFIG"),
    "steps": (lambda steps: steps >= 0, "0 or more batches per epoch"),
}


def parameter_values(package: Package, texts: Mapping[str, str]) -> dict[str, Any]:
    """Returns the given runtime parameters, each in its type.

    Raises:
        UsageError: The pipeline has no such parameter, or the text fits it not.
    """
    values = {}
    for name, text in texts.items():
        if name not in package.parameters:
            what = unknown_name("parameter of this pipeline", name, package.parameters)
            raise UsageError(f"--param: {what}")
        kind = package.parameters[name]["parameterType"]
        try:
            values[name] = _TYPES[kind](text)
        except ValueError as err:
            raise UsageError(
                f"--param {name} must be of the type {kind}, got {text!r}"
            ) from err
        if name in _RULES:
            holds, rule = _RULES[name]
            if not holds(values[name]):
                raise UsageError(f"--param {name} must be {rule}, got {text!r}")
    return values
