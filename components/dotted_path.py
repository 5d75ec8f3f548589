"""Finds by name what components use and may not import."""

from __future__ import annotations

import importlib
from typing import Any


def import_by_path(path: str) -> Any:
    """Returns what a dotted path such as `pkg.module.name` names.

    Raises:
        ImportError, AttributeError, ValueError: It names nothing.
    """
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)
