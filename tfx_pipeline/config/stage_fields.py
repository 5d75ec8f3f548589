"""Fills frozen dataclasses from nested plain values, and back."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from tfx_pipeline.config.unknown_name import unknown_name

Stage = TypeVar("Stage")


def to_plain(stage: Any) -> dict[str, Any]:
    """Returns the fields as JSON values; nested dataclasses become nested dicts."""
    return {
        entry.name: _json(getattr(stage, entry.name))
        for entry in dataclasses.fields(stage)
    }


def filled(where: str, current: Stage, values: Mapping[str, Any]) -> Stage:
    """Returns a copy with the given fields replaced, each checked by name and type.

    Args:
        where: Name of the stage, for messages.
        current: A frozen dataclass; its values stay where none is given.
        values: Field name to plain value; a field that is a dataclass itself takes a
            mapping of its own fields, or a name where it has named values (a
            `named` method); a tuple takes a list.

    Raises:
        ValueError: A name is no field, or a value does not fit; the message names it.
    """
    hints = typing.get_type_hints(type(current))
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name not in hints:
            raise ValueError(unknown_name(f"field of {where}", name, hints))
        changed[name] = _converted(
            f"{where}.{name}", hints[name], getattr(current, name), value
        )
    return dataclasses.replace(current, **changed)  # type: ignore[type-var]


def _converted(where: str, hint: Any, current: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(current) and not isinstance(current, type):
        if isinstance(value, type(current)):
            return value
        if isinstance(value, str) and hasattr(current, "named"):
            return current.named(value)
        if not isinstance(value, Mapping):
            raise ValueError(f"{where} must be a mapping of fields, got {value!r}")
        return filled(where, current, value)
    if typing.get_origin(hint) is tuple and isinstance(value, list):
        value = tuple(value)
    if not _fits(value, hint):
        raise ValueError(f"{where} must be {_type_name(hint)}, got {value!r}")
    return float(value) if hint is float else value


def _fits(value: Any, hint: Any) -> bool:
    """Tells whether a YAML value may fill a field of this type."""
    if hint is Any:
        return True
    if typing.get_origin(hint) is not None:
        return _fits_generic(value, typing.get_origin(hint), typing.get_args(hint))
    kinds = {float: (int, float), int: (int,)}.get(hint)
    if kinds is not None:
        return isinstance(value, kinds) and not isinstance(value, bool)
    return isinstance(value, hint)


def _fits_generic(value: Any, origin: Any, parts: tuple[Any, ...]) -> bool:
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is typing.Literal:
        return value in parts
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(part, parts[0]) for part in value)
    return isinstance(value, origin) and not isinstance(value, str)


def _type_name(hint: Any) -> str:
    if typing.get_origin(hint) is typing.Literal:
        return "one of " + ", ".join(map(str, typing.get_args(hint)))
    if typing.get_origin(hint) is tuple:
        return f"a list of {_type_name(typing.get_args(hint)[0])}"
    name = getattr(hint, "__name__", str(hint)) if isinstance(hint, type) else str(hint)
    return name.replace("collections.abc.", "").replace("typing.", "")


def _json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_plain(value)
    if isinstance(value, Mapping):
        return {key: _json(entry) for key, entry in value.items()}
    return [_json(entry) for entry in value] if isinstance(value, tuple) else value
