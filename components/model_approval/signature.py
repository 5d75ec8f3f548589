"""Finds in a signed file who approved a model, by its YAML text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

MODEL, APPROVED_BY, REASON = "model", "approved_by", "reason"
FIELDS = (MODEL, APPROVED_BY, REASON)


class NotSignedError(ValueError):
    """The file approves nothing; the message says in half a sentence why."""


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who approved a model, with which reason."""

    approved_by: str
    reason: str


def find_signature(text: str, model_sha256: str) -> Signature:
    """Returns the signature of a model: the one in the file, or one of a list.

    Example:
        >>> find_signature("{model: a1, approved_by: Kim, reason: fine}", "a1")
        Signature(approved_by='Kim', reason='fine')

    Raises:
        NotSignedError: The text signs nothing, another model, or leaves a field out.
    """
    entries = _entries(text)
    found = [entry for entry in entries if entry.get(MODEL) == model_sha256]
    if not found:
        raise NotSignedError(_other_models(entries))
    if len(found) > 1:
        raise NotSignedError(f"it names this model {len(found)} times")
    return _read(found[0])


def _entries(text: str) -> list[Mapping[str, Any]]:
    try:
        values = yaml.safe_load(text)
    # A date that is none is a ValueError, deep nesting the other one.
    except (yaml.YAMLError, ValueError, RecursionError) as err:
        raise NotSignedError(_no_yaml(err)) from err
    if values is None:
        raise NotSignedError("it is empty")
    entries = values if isinstance(values, list) else [values]
    if not all(isinstance(entry, Mapping) for entry in entries):
        raise NotSignedError(f"it has no fields {', '.join(FIELDS)}")
    return entries


def _no_yaml(err: Exception) -> str:
    mark = getattr(err, "problem_mark", None)
    place = f" in line {mark.line + 1}" if mark else ""
    return f"it is no YAML{place} (text with a colon needs quotes)"


def _other_models(entries: list[Mapping[str, Any]]) -> str:
    named = [str(entry[MODEL]) for entry in entries if entry.get(MODEL)]
    if not named:
        return f"it has no field {MODEL}"
    if len(named) > 1:
        return f"it approves {len(named)} models, and none of them is this one"
    return f"it approves another model, {named[0]}"


def _read(entry: Mapping[str, Any]) -> Signature:
    unknown = [str(name) for name in entry if name not in FIELDS]
    if unknown:
        raise NotSignedError(
            f"it has a field {', '.join(unknown)}, which says nothing here"
        )
    return Signature(approved_by=_text(entry, APPROVED_BY), reason=_text(entry, REASON))


def _text(entry: Mapping[str, Any], name: str) -> str:
    if name not in entry:
        raise NotSignedError(f"it has no field {name}")
    value = entry[name]
    if value is None or not str(value).strip():
        raise NotSignedError(f"its field {name} is empty")
    if not isinstance(value, str):
        raise NotSignedError(f"its field {name} is no text but {value} (use quotes)")
    return value.strip()
