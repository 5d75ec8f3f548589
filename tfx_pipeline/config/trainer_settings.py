"""What travels to a Trainer node as its `custom_config`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.config.stage_fields import filled, to_plain
from tfx_pipeline.config.training import TrainingConfig


@dataclass(frozen=True, kw_only=True)
class TrainerSettings:
    """All that a training depends on, beside the pictures and the audit.

    Attributes:
        taxonomy: The taxonomy's JSON form; decides classes and background.
        prepare: Size and augmentation.
        model: The network.
        training: Length, optimiser, loss, devices.
        flip_ids: For every class id the id that it becomes in a mirror.
        resume_root: Folder that outlives a killed run; backups go below it.
        initial_weights_sha256: Of the file with initial weights; only here to be part
            of the cache key.
        code_fingerprint: Hash of the sources; only here to be part of the cache key.
    """

    taxonomy: Mapping[str, Any] = field(default_factory=dict)
    prepare: PrepareConfig = field(default_factory=PrepareConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    flip_ids: tuple[int, ...] = ()
    resume_root: str = ""
    initial_weights_sha256: str = ""
    code_fingerprint: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form; the inverse of `from_dict`."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainerSettings:
        """Reads the JSON form."""
        return filled("trainer", cls(), values)
