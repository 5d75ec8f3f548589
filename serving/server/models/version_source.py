"""Looks into the base paths for versions and tells which ones are wanted."""

from __future__ import annotations

import logging
import posixpath
import threading
from collections.abc import Callable, Mapping, Sequence

import tensorflow as tf

from serving.server.models.source_warnings import (
    MODEL_FILES,
    RepeatedWarnings,
    missing,
    without_specific,
    without_versions,
)
from serving.server.settings.model_config import ModelSettings
from serving.server.settings.version_policy import aspired_versions, parse_version

_LOG = logging.getLogger(__name__)

Aspire = Callable[[str, Mapping[int, str]], None]


class VersionSource:
    """Polls the file system in a thread of its own."""

    def __init__(self, *, period_s: float, aspire: Aspire) -> None:
        """Prepares to poll.

        Args:
            period_s: Seconds between two looks; 0 looks once after every change of
                what is looked for.
            aspire: Takes a model's name and its wanted versions with their paths.
        """
        self._period_s = period_s
        self._aspire = aspire
        self._lock = threading.Lock()
        self._models: dict[str, ModelSettings] = {}
        self._wake = threading.Event()
        self._stopped = False
        self._warnings = RepeatedWarnings(_LOG)
        self._whole: dict[str, list[str]] = {}  # base path to folder names
        self._thread = threading.Thread(
            target=self._poll_for_ever, name="version-source", daemon=True
        )

    def watch(self, models: Sequence[ModelSettings]) -> None:
        """Takes what to look for; of models that are left out no version is wanted."""
        watched = {model.name: model for model in models}
        with self._lock:
            changed = watched != self._models
            gone = self._models.keys() - watched.keys()
            self._models = watched
            for name in gone:
                self._aspire(name, {})
        if changed:
            self._wake.set()

    def start(self) -> None:
        """Begins to poll."""
        self._thread.start()

    def stop(self) -> None:
        """Ends polling; a look that is under way is not waited for."""
        self._stopped = True
        self._wake.set()

    def poll(self) -> None:
        """Looks once at every model.

        A base path that is missing or cannot be read changes nothing: what is served
        goes on being served.
        """
        for model in list(self._models.values()):
            try:
                names = self._list(model)
            except (tf.errors.OpError, OSError) as err:
                self._warnings.say(model.name, missing(model, err), logging.ERROR)
                continue
            whole = [name for name in names if self._is_whole(model, name)]
            self._whole[model.base_path] = whole
            found = aspired_versions(whole, model.policy)
            self._warn(model, names, found)
            self._tell(model, found)

    def _warn(
        self, model: ModelSettings, names: Sequence[str], found: Mapping[int, str]
    ) -> None:
        absent = [number for number in model.policy.specific if number not in found]
        if not found:
            self._warnings.say(model.name, without_versions(model, names))
        elif absent:
            self._warnings.say(model.name, without_specific(model, absent))
        else:
            self._warnings.forget(model.name)

    def _tell(self, model: ModelSettings, found: Mapping[int, str]) -> None:
        paths = {
            version: posixpath.join(model.base_path, name)
            for version, name in found.items()
        }
        with self._lock:
            # Else a slow look would bring back what `watch` has just taken away.
            if self._models.get(model.name) == model:
                self._aspire(model.name, paths)

    def _poll_for_ever(self) -> None:
        while not self._stopped:
            self._wake.clear()
            self.poll()
            self._wake.wait(self._period_s or None)

    def _list(self, model: ModelSettings) -> list[str]:
        if not tf.io.gfile.isdir(model.base_path):
            raise FileNotFoundError(f"NOT_FOUND: {model.base_path} not found")
        return [name.rstrip("/") for name in tf.io.gfile.listdir(model.base_path)]

    def _is_whole(self, model: ModelSettings, name: str) -> bool:
        """Says whether a folder holds a graph, or held one at the last look.

        A copy writes the graph last or not at all.
        """
        folder = posixpath.join(model.base_path, name)
        if parse_version(name) is None or not tf.io.gfile.isdir(folder):
            return False
        return name in self._whole.get(model.base_path, ()) or any(
            tf.io.gfile.exists(posixpath.join(folder, file)) for file in MODEL_FILES
        )
