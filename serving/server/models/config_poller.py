"""Looks into the configuration file for changes while the server runs."""

from __future__ import annotations

import logging
import threading
import time

from serving.server.errors import ServingError
from serving.server.models.model_catalog import ModelCatalog
from serving.server.settings.model_config import read_config

_LOG = logging.getLogger(__name__)


class ConfigPoller:
    """Reads the file in a thread of its own; whatever is wrong with it is logged."""

    def __init__(self, path: str, *, period_s: float, catalog: ModelCatalog) -> None:
        """Prepares to look.

        Args:
            path: Text ModelServerConfig.
            period_s: Seconds between two looks.
            catalog: Takes what the file says.
        """
        self._path = path
        self._period_s = period_s
        self._catalog = catalog
        self._stop = threading.Event()

    def start(self) -> None:
        """Begins to look, after a first pause."""
        threading.Thread(
            target=self._poll_for_ever, name="config-poller", daemon=True
        ).start()

    def stop(self) -> None:
        """Ends looking; a look that is under way is not waited for."""
        self._stop.set()

    def poll(self) -> None:
        """Looks once.

        New models have one period to become available; those that need longer are
        waited for at the next looks, which see what has changed in the file by then.
        """
        try:
            config = read_config(self._path)
        except ServingError as err:
            _LOG.error("Failed to read ModelServerConfig file: %s", err)
            return
        try:
            self._catalog.replace(config, time.monotonic() + self._period_s)
        except ServingError as err:
            _LOG.error("Failed to take the file %s over: %s", self._path, err)

    def _poll_for_ever(self) -> None:
        while not self._stop.wait(self._period_s):
            self.poll()
