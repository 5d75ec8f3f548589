"""Says in one line who approved a model."""

from __future__ import annotations

from collections.abc import Mapping


def approval_line(approval: Mapping[str, str]) -> str:
    """Returns name and reason, also of a reason that has several lines."""
    words = f"approved by {approval['approved_by']}: {approval['reason']}"
    return " ".join(words.split())
