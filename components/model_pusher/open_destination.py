"""Chooses how a destination is written, by its path."""

from __future__ import annotations

from pathlib import Path

from components.model_pusher.local_destination import LocalDestination
from components.model_pusher.push import Destination
from components.model_pusher.remote_destination import RemoteDestination

_SCHEME = "://"


def is_remote(path: str) -> bool:
    """Tells whether a path names an object store."""
    return _SCHEME in path


def open_destination(directory: str, model_name: str) -> Destination:
    """Returns the folder of a model's versions below the pushed directory."""
    if is_remote(directory):
        return RemoteDestination(f"{directory.rstrip('/')}/{model_name}")
    return LocalDestination(Path(directory).absolute() / model_name)
