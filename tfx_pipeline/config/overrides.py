"""Values from a YAML file and from `--set stage.field=value`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml


def read_yaml(path: str) -> dict[str, Any]:
    """Returns the nested values of a YAML file (an empty file gives none)."""
    try:
        values = yaml.safe_load(Path(path).read_text("utf-8-sig"))
    except OSError as err:
        raise ValueError(
            f"cannot read the configuration {path}: {err.strerror}"
        ) from err
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        reason = " ".join(str(err).split())
        raise ValueError(f"{path} must be a YAML file: {reason}") from err
    if values is not None and not isinstance(values, dict):
        raise ValueError(
            f"{path} must hold stages with fields (data: {{task: car}}), got {values!r}"
        )
    return values or {}


def parse_assignments(assignments: Iterable[str]) -> dict[str, Any]:
    """Returns the nested values of `stage.field=value` texts; values are YAML.

    Deeper names reach into mappings: `data.options.size_px=128`.

    Example:
        >>> parse_assignments(["data.task=parts", "beam.workers=2"])
        {'data': {'task': 'parts'}, 'beam': {'workers': 2}}
    """
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        parts = name.strip().split(".")
        if not equals or len(parts) < 2 or not all(parts):
            raise ValueError(
                f"--set must look like stage.field=value, got {assignment!r}; for"
                " example --set data.task=parts"
            )
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError as err:
            reason = " ".join(str(err).split())
            raise ValueError(
                f"--set {name}: the value must be YAML, got {text!r}: {reason}"
            ) from err
        target = values
        for part in parts[:-1]:
            target = target.setdefault(part, {})
        target[parts[-1]] = value
    return values


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Returns both nested mappings as one; where both have a value, the second's."""
    result = dict(first)
    for name, value in second.items():
        below = result.get(name)
        result[name] = (
            merged(below, value)
            if isinstance(below, dict) and isinstance(value, dict)
            else value
        )
    return result
