"""What is said about base paths that do not hold what is looked for."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from serving.server.settings.model_config import ModelSettings
from serving.server.settings.version_policy import parse_version

MODEL_FILES = ("saved_model.pb", "saved_model.pbtxt")
_REPEAT_S = 5.0  # a fault that stays is said again after so long


class RepeatedWarnings:
    """Says a fault when it begins, and again while it stays; for one thread."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said: dict[str, tuple[str, float]] = {}

    def say(self, name: str, words: str, level: int = logging.WARNING) -> None:
        """Logs what is wrong with a model unless that was done a moment ago."""
        before, said_at = self._said.get(name, ("", 0.0))
        if words != before or time.monotonic() - said_at >= _REPEAT_S:
            self._log.log(level, words)
            self._said[name] = (words, time.monotonic())

    def forget(self, name: str) -> None:
        """Notes that nothing is wrong with a model."""
        self._said.pop(name, None)


def missing(model: ModelSettings, err: Exception) -> str:
    """Returns what to say of a base path that cannot be listed."""
    reason = getattr(err, "message", None) or str(err)
    return (
        f"Could not find base path {model.base_path} for servable {model.name} with"
        f" error {reason}; waiting for it"
    )


def without_versions(model: ModelSettings, names: Sequence[str]) -> str:
    """Returns what to say of a base path that holds `names` and no version."""
    words = (
        f"No versions of servable {model.name} found under base path"
        f" {model.base_path}. "
    )
    if any(file in names for file in MODEL_FILES):
        return (
            f"{words}It holds a {MODEL_FILES[0]} itself: a version must lie in a"
            " folder of its own, such as 1/"
        )
    unfinished = sorted(name for name in names if parse_version(name) is not None)
    if unfinished and not model.policy.specific:
        return f"{words}Waiting for {MODEL_FILES[0]} in {', '.join(unfinished)}"
    return f"{words}Did you forget to name your leaf directory as a number (eg. '/1/')?"


def without_specific(model: ModelSettings, absent: Sequence[int]) -> str:
    """Returns what to say of versions that the policy names and nobody finds."""
    return (
        f"Version {', '.join(map(str, absent))} of servable {model.name}, which was"
        " requested to be served as a 'specific' version in the servable's version"
        " policy, was not found in the file system"
    )
