"""Further models that the same run trains and judges beside the first."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.stage_fields import filled
from tfx_pipeline.config.stages import require
from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.config.unknown_name import unknown_name

_NONE: Mapping[str, Any] = types.MappingProxyType({})
_NAME = re.compile(r"[a-z0-9_]+")
_STAGES = ("model", "training")


@dataclass(frozen=True, kw_only=True)
class CandidatesConfig:
    """Each further model has a Trainer, an Evaluator and a gate of its own.

    Attributes:
        further: Name to what differs from the stages `model` and `training`:
            `{deeplab: {model: {name: deeplab_v3_plus}}}`.
    """

    further: Mapping[str, Any] = field(default_factory=lambda: _NONE)

    def __post_init__(self) -> None:
        for name, stages in self.further.items():
            where = f"candidates.further.{name}"
            require(
                isinstance(name, str) and bool(_NAME.fullmatch(name)),
                "a name in candidates.further",
                "lower-case letters, digits and _",
                repr(name),
            )
            require(isinstance(stages, Mapping), where, "a mapping", repr(stages))
            for stage in stages:
                if stage not in _STAGES:
                    raise ValueError(unknown_name(f"stage of {where}", stage, _STAGES))

    def trainings(
        self, model: ModelConfig, training: TrainingConfig
    ) -> dict[str, tuple[ModelConfig, TrainingConfig]]:
        """Returns the settings of each further model, by its name."""
        return {
            name: (
                filled(f"candidates.further.{name}.model", model, _part(stages, 0)),
                filled(
                    f"candidates.further.{name}.training", training, _part(stages, 1)
                ),
            )
            for name, stages in self.further.items()
        }


def _part(stages: Mapping[str, Any], index: int) -> Mapping[str, Any]:
    return stages.get(_STAGES[index]) or {}
