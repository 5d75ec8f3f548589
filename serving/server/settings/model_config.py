"""Which models are served: the text ModelServerConfig, or one model by flags."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any

from tensorflow_serving.config import model_server_config_pb2

from serving.server.errors import InvalidArgumentError, UnimplementedError
from serving.server.models.version_policy import VersionPolicy
from serving.server.settings.text_proto import read_text_proto

_PLATFORM = "tensorflow"
_URI = re.compile(r"[a-z][a-z0-9+.-]*://", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """One model of the configuration.

    Attributes:
        name: Under which clients ask for it.
        base_path: Folder of its version folders.
        policy: Which versions are served.
    """

    name: str
    base_path: str
    policy: VersionPolicy = field(default_factory=VersionPolicy)


def read_model_config(path: str) -> tuple[ModelSettings, ...]:
    """Reads a text ModelServerConfig.

    Raises:
        ServingError: It cannot be read, or asks for what cannot be.
    """
    config = model_server_config_pb2.ModelServerConfig()
    read_text_proto(path, config, flag="model_config_file", kind="ModelServerConfig")
    return models_of(config)


def models_of(config: Any) -> tuple[ModelSettings, ...]:
    """Returns the models of a ModelServerConfig message.

    Raises:
        ServingError: The configuration is illegal, in TensorFlow Serving's words, or
            needs what this server does not do yet.
    """
    if config.WhichOneof("config") != "model_config_list":
        raise InvalidArgumentError(
            "the configuration must hold a model_config_list, got"
            f" {config.WhichOneof('config') or 'nothing'}; add one"
        )
    models = tuple(_model(entry) for entry in config.model_config_list.config)
    if not models:
        raise InvalidArgumentError("model_config_list must name a model, got none")
    names = [model.name for model in models]
    for name in names:
        if names.count(name) > 1:
            raise InvalidArgumentError(
                f"Illegal to list model {name} multiple times in config list"
            )
    return models


def _model(entry: Any) -> ModelSettings:
    name = entry.name
    if not entry.model_platform and not entry.model_type:
        raise InvalidArgumentError(
            "Illegal setting neither ModelServerConfig::model_type (deprecated) nor"
            " ModelServerConfig::model_platform."
        )
    if entry.model_platform not in ("", _PLATFORM):
        raise InvalidArgumentError(
            f"Model {name} requests unsupported platform {entry.model_platform}"
        )
    if not posixpath.isabs(entry.base_path) and not _URI.match(entry.base_path):
        raise InvalidArgumentError(
            f"Expected model {name} to have an absolute path or URI; got"
            f" base_path()={entry.base_path}"
        )
    if entry.HasField("logging_config"):
        raise InvalidArgumentError("No request-logger-creator provided.")
    if entry.version_labels:
        raise UnimplementedError(
            f"version_labels of model {name} are not supported yet by this server;"
            " leave them out"
        )
    return ModelSettings(name=name, base_path=entry.base_path, policy=_policy(entry))


def _policy(entry: Any) -> VersionPolicy:
    policy = entry.model_version_policy
    choice = policy.WhichOneof("policy_choice")
    if choice == "specific" and not policy.specific.versions:
        raise InvalidArgumentError(
            f"a specific policy must name versions, model {entry.name} has none"
        )
    if choice == "specific":
        return VersionPolicy(latest=None, specific=tuple(policy.specific.versions))
    if choice == "all":
        return VersionPolicy(latest=None)
    if choice in (None, "latest"):
        return VersionPolicy(latest=max(policy.latest.num_versions, 1))
    raise UnimplementedError(
        f"version policy {choice} of model {entry.name} is not supported yet by this"
        " server; use latest, all or specific"
    )
