"""The settings of each stage; a value that exists is a value that is possible."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from tfds_builders.record_settings import DEFAULT_EXAMPLES_PER_SHARD

LastStage = Literal["audit", "train", "package", "push"]
_NO_OPTIONS: Mapping[str, Any] = types.MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    """Which photos and masks, and how they are ingested.

    Attributes:
        builder: Folder name below `tfds_builders`, or dotted path of a class.
        config: Named configuration of that builder; None takes its default.
        task: Which of the dataset's masks is learnt; None takes its first.
        manual_dir: Folder as the data's owner publishes it; None for drawn data.
        options: Further arguments of the builder, by their names.
        max_skipped_share: Unreadable sources above this share stop the run, 0..1.
        verify_bytes: Hash the content of source files, not only size and time.
        examples_per_shard: Records per file; smaller means more parallel work.
    """

    builder: str = "synthetic_cars"
    config: str | None = None
    task: str | None = None
    manual_dir: str | None = None
    options: Mapping[str, Any] = field(default_factory=lambda: _NO_OPTIONS)
    max_skipped_share: float = 0.01
    verify_bytes: bool = False
    examples_per_shard: int = DEFAULT_EXAMPLES_PER_SHARD

    def __post_init__(self) -> None:
        require(bool(self.builder), "data.builder", "the name of a builder", "''")
        require(self.task != "", "data.task", "the name of a task", "''")
        require_share("data.max_skipped_share", self.max_skipped_share)
        require(
            self.examples_per_shard >= 1,
            "data.examples_per_shard",
            "1 or more",
            self.examples_per_shard,
        )


@dataclass(frozen=True, kw_only=True)
class PrivacyConfig:
    """What of a photo beside its pixels travels on.

    Attributes:
        keep_metadata: Keep EXIF (GPS too), XMP and the like in stored photos.
    """

    keep_metadata: bool = False


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Where a run keeps its artifacts.

    Attributes:
        root: Folder of artifacts, prepared data and ML Metadata.
        name: Name of the pipeline; another name is another history.
        cache: Take the result of a node whose inputs did not change.
        until: The last stage: `audit` stops with audited examples, `train` with a
            trained model, `package` goes through the gate to the packaged model and
            the report, `push` proves it on a server and hands it to servers.
    """

    root: str = "carseg_runs"
    name: str = "carseg"
    cache: bool = True
    until: LastStage = "push"

    def __post_init__(self) -> None:
        require(bool(self.root), "run.root", "a folder", "''")
        require_choice("run.until", self.until, get_args(LastStage))
        require(
            bool(self.name) and "/" not in self.name,
            "run.name",
            "a name without '/'",
            repr(self.name),
        )


def require(holds: bool, where: str, rule: str, value: object) -> None:
    """Raises a ValueError naming field, rule and value unless the rule holds."""
    if not holds:
        raise ValueError(f"{where} must be {rule}, got {value}")


def require_share(where: str, value: float) -> None:
    """Refuses a share outside 0..1."""
    require(0 <= value <= 1, where, "a share between 0 and 1", value)


def require_choice(where: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuses a value that is not one of the choices."""
    require(value in choices, where, f"one of {', '.join(choices)}", repr(value))
