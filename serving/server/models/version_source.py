"""Looks into the base paths for versions and tells which ones are wanted."""

from __future__ import annotations

import logging
import posixpath
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import tensorflow as tf

from serving.server.models.version_policy import aspired_versions, parse_version
from serving.server.settings.model_config import ModelSettings

_LOG = logging.getLogger(__name__)
_REPEAT_S = 5.0  # a fault that stays is said again after so long
_MODEL_FILES = ("saved_model.pb", "saved_model.pbtxt")

Aspire = Callable[[str, Mapping[int, str]], None]


class VersionSource:
    """Polls the file system in a thread of its own."""

    def __init__(
        self, models: Sequence[ModelSettings], *, period_s: float, aspire: Aspire
    ) -> None:
        """Prepares to poll.

        Args:
            models: What to look for.
            period_s: Seconds between two looks; 0 looks once.
            aspire: Takes a model's name and its wanted versions with their paths.
        """
        self._models = models
        self._period_s = period_s
        self._aspire = aspire
        self._stop = threading.Event()
        self._said: dict[str, tuple[str, float]] = {}
        self._whole: set[str] = set()
        self._thread = threading.Thread(
            target=self._poll_for_ever, name="version-source", daemon=True
        )

    def start(self) -> None:
        """Begins to poll."""
        self._thread.start()

    def stop(self) -> None:
        """Ends polling; a look that is under way is not waited for."""
        self._stop.set()

    def poll(self) -> None:
        """Looks once at every model.

        A base path that is missing or cannot be read changes nothing: what is served
        goes on being served.
        """
        for model in self._models:
            try:
                names = self._list(model)
            except (tf.errors.OpError, OSError) as err:
                self._say(model.name, _missing(model, err))
                continue
            found = aspired_versions(
                [name for name in names if self._is_whole(model, name)], model.policy
            )
            if found:
                self._said.pop(model.name, None)
            else:
                self._say(model.name, _without_versions(model, names))
            self._aspire(
                model.name,
                {
                    version: posixpath.join(model.base_path, name)
                    for version, name in found.items()
                },
            )

    def _poll_for_ever(self) -> None:
        while True:
            self.poll()
            if self._period_s == 0 or self._stop.wait(self._period_s):
                return

    def _list(self, model: ModelSettings) -> list[str]:
        if not tf.io.gfile.isdir(model.base_path):
            raise FileNotFoundError("no such folder")
        return [name.rstrip("/") for name in tf.io.gfile.listdir(model.base_path)]

    def _is_whole(self, model: ModelSettings, name: str) -> bool:
        """Says whether a folder holds a graph; a copy writes it last or not at all."""
        if parse_version(name) is None:
            return False
        folder = posixpath.join(model.base_path, name)
        if not tf.io.gfile.isdir(folder):
            return False
        if folder not in self._whole and any(
            tf.io.gfile.exists(posixpath.join(folder, file)) for file in _MODEL_FILES
        ):
            self._whole.add(folder)
        return folder in self._whole

    def _say(self, name: str, words: str) -> None:
        before, said_at = self._said.get(name, ("", 0.0))
        if words != before or time.monotonic() - said_at >= _REPEAT_S:
            _LOG.warning(words)
            self._said[name] = (words, time.monotonic())


def _missing(model: ModelSettings, err: Exception) -> str:
    reason = getattr(err, "message", None) or str(err)
    return (
        f"Could not find base path {model.base_path} for servable {model.name}:"
        f" {reason}; waiting for it"
    )


def _without_versions(model: ModelSettings, names: Sequence[str]) -> str:
    words = (
        f"No versions of servable {model.name} found under base path"
        f" {model.base_path}. "
    )
    if any(file in names for file in _MODEL_FILES):
        return (
            f"{words}It holds a {_MODEL_FILES[0]} itself: a version must lie in a"
            " folder of its own, such as 1/"
        )
    unfinished = sorted(name for name in names if parse_version(name) is not None)
    if unfinished:
        return f"{words}Waiting for {_MODEL_FILES[0]} in {', '.join(unfinished)}"
    return f"{words}Did you forget to name your leaf directory as a number (eg. '/1/')?"
