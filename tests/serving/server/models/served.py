"""A catalog that serves fakes, and configurations for it."""

from __future__ import annotations

import time

from google.protobuf import text_format
from tensorflow_serving.config import model_server_config_pb2

from serving.server.models.model_catalog import ModelCatalog
from serving.server.models.model_manager import ModelManager
from serving.server.models.swap_policy import State
from tests.serving.server.models.fake_loader import states
from tests.serving.server.models.version_folders import config_text


def config(*entries: str) -> model_server_config_pb2.ModelServerConfig:
    return text_format.Parse(
        config_text(*entries), model_server_config_pb2.ModelServerConfig()
    )


def soon() -> float:
    return time.monotonic() + 10


class Served:
    """A catalog that serves version 1 of model `a`."""

    def __init__(self, catalog: ModelCatalog, manager: ModelManager) -> None:
        self.catalog, self.manager = catalog, manager

    def states(self, name: str) -> dict[int, State]:
        return states(self.manager, name)

    def answering(self) -> dict[str, set[int]]:
        """The versions of models that answer."""
        return {
            name: numbers
            for name in "abcd"
            if (
                numbers := {
                    number
                    for number, state in self.states(name).items()
                    if state is State.AVAILABLE
                }
            )
        }
