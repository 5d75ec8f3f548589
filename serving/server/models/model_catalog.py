"""Which models are served, and the way from one configuration to the next."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

from serving.server.errors import DeadlineExceededError, FailedPreconditionError
from serving.server.models.model_manager import ModelManager
from serving.server.models.swap_policy import State
from serving.server.models.version_labels import Labels, VersionLabels
from serving.server.models.version_source import VersionSource
from serving.server.settings.model_config import ModelSettings, models_of

_LOG = logging.getLogger(__name__)


class ModelCatalog:
    """Changes what is served as a whole or not at all; may be used from any thread."""

    def __init__(
        self,
        manager: ModelManager,
        source: VersionSource,
        *,
        allow_labels_for_unavailable: bool = False,
    ) -> None:
        """Starts without models.

        Args:
            manager: Loads the versions.
            source: Looks for them.
            allow_labels_for_unavailable: Whether a label may mean a version that is
                not there, unless the label means another one by now.
        """
        self.labels = VersionLabels()
        self._manager = manager
        self._source = source
        self._allow_unavailable = allow_labels_for_unavailable
        self._models: tuple[ModelSettings, ...] = ()
        self._lock = threading.Lock()

    def start(self, models: Sequence[ModelSettings]) -> None:
        """Takes the first configuration; does not wait for its models.

        Raises:
            FailedPreconditionError: A label means a version that is not there.
        """
        self.labels.replace(self._checked_labels(models))
        self._models = tuple(models)
        self._source.watch(models)

    def replace(self, config: Any, until: float | None = None) -> None:
        """Takes a ModelServerConfig in place of the one that is served.

        New models load beside those that there are. Only when all of them answer do
        labels and policies change and old models go; where one of them fails nothing
        changes, but they are looked for until the next configuration comes.

        Args:
            config: The message.
            until: When to stop waiting for the new models, on the clock of
                `time.monotonic`; None is never.

        Raises:
            ServingError: The configuration is illegal, or a new model did not become
                available.
        """
        timeout_s = -1.0 if until is None else max(until - time.monotonic(), 0.0)
        if not self._lock.acquire(timeout=timeout_s):
            raise DeadlineExceededError("another configuration is being taken")
        try:
            self._replace(config, until)
        finally:
            self._lock.release()

    def _replace(self, config: Any, until: float | None) -> None:
        kind = config.WhichOneof("config")
        if kind is None and not self._models:
            return
        if kind != "model_config_list":
            raise FailedPreconditionError(
                "Cannot transition to requested config. It is only legal to transition"
                " from one ModelConfigList to another."
            )
        served = [model.name for model in self._models]
        models = models_of(config, served=served)
        labels = self._checked_labels(models)
        new = [model for model in models if model.name not in served]
        if new:
            _LOG.info("Adding models: %s", ", ".join(model.name for model in new))
        self._source.watch([*self._models, *new])
        self._manager.wait_until_available([model.name for model in new], until)
        self._models = models
        self.labels.replace(labels)
        self._source.watch(models)

    def _checked_labels(self, models: Sequence[ModelSettings]) -> Labels:
        labels = {model.name: model.labels for model in models}
        available = {
            name: {
                status.version
                for status in self._manager.statuses(name)
                if status.state is State.AVAILABLE
            }
            for name in labels
        }
        self.labels.check(labels, available, allow_unavailable=self._allow_unavailable)
        return labels
