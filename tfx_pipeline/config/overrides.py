"""Values from a YAML file and from `--set stage.field=value`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tfx_pipeline.config.pipeline_config import PipelineConfig


class _Loader(yaml.SafeLoader):
    """Safe YAML in which 1e-6 is a number; PyYAML wants 1.0e-6."""


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+$"),
    list("-+0123456789"),
)


def read_yaml(path: str) -> dict[str, Any]:
    """Returns the nested values of a YAML file (an empty file gives none)."""
    try:
        values = _load(Path(path).read_text("utf-8-sig"))
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


def assigned(config: PipelineConfig, assignments: Iterable[str]) -> PipelineConfig:
    """Returns the configuration with `stage.field=value` texts applied; YAML values.

    Deeper names reach into mappings and leave their other entries as they are; a value
    that is a mapping replaces the whole one.

    Example:
        >>> assigned(PipelineConfig(), ["data.task=parts"]).data.task
        'parts'
    """
    values = config.to_dict()
    for assignment in assignments:
        parts, value = parse_assignment(assignment)
        values = _assign(values, parts, value)
    return PipelineConfig.from_dict(values)


def _assign(values: dict[str, Any], parts: list[str], value: Any) -> dict[str, Any]:
    """Sets one entry; a name in its way (`augment: carvana`) is spelt out first."""
    target = values
    for part in parts[:-1]:
        below = target.setdefault(part, {})
        if not isinstance(below, dict):
            spelt_out = PipelineConfig.from_dict(values).to_dict()
            if spelt_out == values:
                raise ValueError(
                    f"--set {'.'.join(parts)}: {part} has no fields, it is {below!r}"
                )
            return _assign(spelt_out, parts, value)
        target = below
    target[parts[-1]] = value
    return values


def parse_assignment(assignment: str) -> tuple[list[str], Any]:
    """Returns the names of the path and the value.

    Example:
        >>> parse_assignment("beam.workers=2")
        (['beam', 'workers'], 2)
    """
    name, equals, text = assignment.partition("=")
    parts = name.strip().split(".")
    if not equals or len(parts) < 2 or not all(parts):
        raise ValueError(
            f"--set must look like stage.field=value, got {assignment!r}; for"
            " example --set data.task=parts"
        )
    try:
        return parts, _load(text)
    except yaml.YAMLError as err:
        reason = " ".join(str(err).split())
        raise ValueError(
            f"--set {name}: the value must be YAML, got {text!r}: {reason}"
        ) from err


def _load(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)
