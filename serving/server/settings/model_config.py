"""Which models are served: the text ModelServerConfig, or one model by flags."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tensorflow_serving.config import model_server_config_pb2

from serving.server.errors import InvalidArgumentError
from serving.server.settings.text_proto import read_text_proto
from serving.server.settings.version_policy import VersionPolicy

_PLATFORM = "tensorflow"
_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9.]*://", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """One model of the configuration.

    Attributes:
        name: Under which clients ask for it.
        base_path: Folder of its version folders.
        policy: Which versions are served.
        labels: Other names of versions.
    """

    name: str
    base_path: str
    policy: VersionPolicy = field(default_factory=VersionPolicy)
    labels: Mapping[str, int] = field(default_factory=dict)


def read_config(path: str) -> Any:
    """Reads a text ModelServerConfig into its message.

    Raises:
        InvalidArgumentError: The file cannot be read, or holds something else.
    """
    config = model_server_config_pb2.ModelServerConfig()
    read_text_proto(path, config, flag="model_config_file", kind="ModelServerConfig")
    return config


def read_model_config(path: str) -> tuple[ModelSettings, ...]:
    """Reads the models of a text ModelServerConfig; an empty file has none.

    Raises:
        InvalidArgumentError: It cannot be read, or asks for what cannot be.
    """
    return models_of(read_config(path))


def models_of(config: Any, served: Collection[str] = ()) -> tuple[ModelSettings, ...]:
    """Returns the models of a ModelServerConfig message.

    Args:
        config: The message.
        served: Names of the models that there are, whose platform must not change.

    Raises:
        InvalidArgumentError: The configuration is illegal, in TensorFlow Serving's
            words.
    """
    if config.WhichOneof("config") == "custom_model_config":
        raise InvalidArgumentError(
            "ModelServer does not yet support custom model config."
        )
    entries = config.model_config_list.config
    _check_names(entries)
    for entry in entries:
        _check_path(entry)
    # Models that there are come first, so that their error is the one that is told.
    for entry in sorted(entries, key=lambda entry: entry.name not in served):
        _check_platform(entry, served)
    if any(entry.HasField("logging_config") for entry in entries):
        raise InvalidArgumentError("No request-logger-creator provided.")
    return tuple(
        ModelSettings(
            name=entry.name,
            base_path=entry.base_path,
            policy=_policy(entry),
            labels=dict(entry.version_labels),
        )
        for entry in entries
    )


def _check_names(entries: Collection[Any]) -> None:
    names: set[str] = set()
    for entry in entries:
        if entry.name in names:
            raise InvalidArgumentError(
                f"Illegal to list model {entry.name} multiple times in config list"
            )
        names.add(entry.name)


def _check_path(entry: Any) -> None:
    if not posixpath.isabs(entry.base_path) and not _URI.match(entry.base_path):
        raise InvalidArgumentError(
            f"Expected model {entry.name} to have an absolute path or URI; got"
            f" base_path()={entry.base_path}"
        )


def _check_platform(entry: Any, served: Collection[str]) -> None:
    platform = _platform(entry)
    if platform == _PLATFORM:
        return
    if entry.name in served:
        raise InvalidArgumentError(
            f"Illegal to change a model's platform. For model {entry.name} platform"
            f" was {_PLATFORM} and new platform requested is {platform}"
        )
    raise InvalidArgumentError(
        f"Model {entry.name} requests unsupported platform {platform}"
    )


def _platform(entry: Any) -> str:
    names = "ModelServerConfig::model_type (deprecated) {} ModelServerConfig::"
    if entry.model_type and entry.model_platform:
        raise InvalidArgumentError(
            f"Illegal setting both {names.format('and')}model_platform."
        )
    if entry.model_type not in (0, model_server_config_pb2.TENSORFLOW):
        raise InvalidArgumentError(
            f"ModelServerConfig::model_type choice {entry.model_type} not supported."
        )
    if not entry.model_type and not entry.model_platform:
        raise InvalidArgumentError(
            f"Illegal setting neither {names.format('nor')}model_platform."
        )
    return _PLATFORM if entry.model_type else str(entry.model_platform)


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
    return VersionPolicy(latest=max(policy.latest.num_versions, 1))
