"""YAML fields read with their types; every error is one line naming file and field."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_MERGE_TAG = "tag:yaml.org,2002:merge"


class _NoDuplicatesLoader(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys in silence; this one refuses them."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: list[Any] = []
        for key_node, _ in node.value:
            if key_node.tag == _MERGE_TAG:
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} is given twice", key_node.start_mark
                )
            seen.append(key)
        return super().construct_mapping(node, deep)


def read_yaml_mapping(path: Path) -> dict[str, Any]:
    """Reads a YAML file of keys and values, UTF-8 with or without a BOM."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise ValueError(
            f"{path.name} must be UTF-8 text, got byte 0x{err.object[err.start]:02x}"
            f" at position {err.start}; save it again as UTF-8"
        ) from err
    try:
        fields = yaml.load(text, _NoDuplicatesLoader)
    except yaml.YAMLError as err:
        raise ValueError(f"{path.name} must be YAML, got {_one_line(err)}") from err
    if not isinstance(fields, dict):
        raise ValueError(
            f"{path.name} must hold `key: value` lines, got"
            f" {type(fields).__name__}; start it with `classes:`"
        )
    return fields


@dataclass(frozen=True, kw_only=True)
class FieldReader:
    """Reads the fields of one mapping; `where` is the file and the place in it.

    Example:
        >>> FieldReader(where="t.yaml", fields={"id": 3}).integer("id", 0, 254)
        3
    """

    where: str
    fields: Mapping[str, Any]

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Raises for the first key that is not known, with the nearest known one."""
        for key in self.fields:
            if key in known:
                continue
            near = difflib.get_close_matches(str(key), known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "remove it"
            raise ValueError(
                f"{self.where}: unknown field {key!r}, must be one of"
                f" {', '.join(known)}; {hint}"
            )

    def text(self, key: str, default: str | None = None) -> str | None:
        """Returns a text, or the default where the field is missing or null."""
        value = self.fields.get(key)
        if value is None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "must be text", value, f'write `{key}: "..."`')
        return value

    def required_text(self, key: str) -> str:
        """Returns a text that must be there."""
        value = self.text(key)
        if value is None:
            raise ValueError(f"{self.where}: {key} is missing; add `{key}: ...`")
        return value

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """Returns one of the choices; YAML's bare yes and no are taken as texts."""
        value = self.fields.get(key, default)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if value not in choices:
            listed = ", ".join(choices)
            raise self.error(key, f"must be one of {listed}", value, "use one of them")
        return value

    def integer(self, key: str, low: int, high: int) -> int:
        """Returns a required whole number low..high."""
        if key not in self.fields:
            raise ValueError(f"{self.where}: {key} is missing; add `{key}: ...`")
        value = self.fields[key]
        if not is_integer(value, low, high):
            rule = f"must be a whole number {low}..{high}"
            raise self.error(key, rule, value, "correct it")
        return value

    def sequence(self, key: str, example: str) -> list[Any]:
        """Returns a list, empty where the field is missing or null."""
        value = self.fields.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.error(key, "must be a list", value, f"write `{key}: {example}`")
        return value

    def rgb(self, key: str) -> tuple[int, int, int]:
        """Returns a required colour."""
        if key not in self.fields:
            raise ValueError(
                f"{self.where}: {key} is missing; add `{key}: [red, green, blue]`"
            )
        colour = as_rgb(self.fields[key])
        if colour is None:
            rule = "must be three whole numbers 0..255"
            raise self.error(
                key, rule, self.fields[key], f"write `{key}: [red, green, blue]`"
            )
        return colour

    def error(self, key: str, rule: str, value: Any, way_out: str) -> ValueError:
        """Returns the error that names file, field, rule, value and way out."""
        return ValueError(f"{self.where}: {key} {rule}, got {value!r}; {way_out}")


def is_integer(value: Any, low: int, high: int) -> bool:
    """Tells whether a YAML value is a whole number in the range (True is not)."""
    return (
        isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    )


def as_rgb(value: Any) -> tuple[int, int, int] | None:
    """Returns a YAML list of three values 0..255 as a colour, anything else as None."""
    if not isinstance(value, list) or len(value) != 3:
        return None
    if not all(is_integer(channel, 0, 255) for channel in value):
        return None
    return (value[0], value[1], value[2])


def _one_line(err: yaml.YAMLError) -> str:
    mark = getattr(err, "problem_mark", None)
    problem = getattr(err, "problem", None) or str(err)
    where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return " ".join(f"{problem}{where}; correct that line".split())
