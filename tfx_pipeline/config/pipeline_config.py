"""The whole configuration of a run: one frozen value, and its dict form."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from components.dataset_auditor.tolerances import AuditTolerances
from tfx_pipeline.config.stages import BeamConfig, DataConfig, PrivacyConfig, RunConfig
from tfx_pipeline.config.unknown_name import unknown_name


@dataclass(frozen=True, kw_only=True)
class PipelineConfig:
    """Everything that can change an output, grouped by stage."""

    data: DataConfig = field(default_factory=DataConfig)
    privacy: PrivacyConfig = field(default_factory=PrivacyConfig)
    audit: AuditTolerances = field(default_factory=AuditTolerances)
    beam: BeamConfig = field(default_factory=BeamConfig)
    run: RunConfig = field(default_factory=RunConfig)

    def to_dict(self) -> dict[str, Any]:
        """Returns nested dicts of JSON values; the inverse of `from_dict`."""
        return {
            stage.name: _plain(getattr(self, stage.name))
            for stage in dataclasses.fields(self)
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PipelineConfig:
        """Fills the defaults with nested values, each checked by name and type."""
        return cls().replaced(values)

    def replaced(self, values: Mapping[str, Any]) -> PipelineConfig:
        """Returns a copy with the given fields replaced; refuses unknown ones."""
        stages = {entry.name: getattr(self, entry.name) for entry in _fields(self)}
        for name, fields in values.items():
            if name not in stages:
                raise ValueError(unknown_name("stage", name, stages))
            if not isinstance(fields, Mapping):
                raise ValueError(f"{name} must be a mapping of fields, got {fields!r}")
            stages[name] = _replace_stage(name, stages[name], fields)
        return PipelineConfig(**stages)


def _replace_stage(stage: str, current: Any, values: Mapping[str, Any]) -> Any:
    hints = typing.get_type_hints(type(current))
    for name, value in values.items():
        if name not in hints:
            raise ValueError(unknown_name(f"field of {stage}", name, hints))
        if not _fits(value, hints[name]):
            raise ValueError(
                f"{stage}.{name} must be {_type_name(hints[name])}, got {value!r}"
            )
    floats = {name for name, hint in hints.items() if hint is float}
    converted = {
        name: float(value) if name in floats else value
        for name, value in values.items()
    }
    return dataclasses.replace(current, **converted)


def _fits(value: Any, hint: Any) -> bool:
    """Tells whether a YAML value may fill a field of this type."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, part) for part in typing.get_args(hint))
    if origin is typing.Literal:
        return value in typing.get_args(hint)
    if origin is not None:
        return isinstance(value, origin) and not isinstance(value, str)
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def _type_name(hint: Any) -> str:
    if typing.get_origin(hint) is typing.Literal:
        return "one of " + ", ".join(map(str, typing.get_args(hint)))
    name = getattr(hint, "__name__", str(hint)) if isinstance(hint, type) else str(hint)
    return name.replace("collections.abc.", "").replace("typing.", "")


def _plain(stage: Any) -> dict[str, Any]:
    return {entry.name: _json(getattr(stage, entry.name)) for entry in _fields(stage)}


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _json(entry) for key, entry in value.items()}
    return [_json(entry) for entry in value] if isinstance(value, tuple) else value


def _fields(value: Any) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(value)
