"""The whole configuration of a run: one frozen value, and its dict form."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from components.dataset_auditor.tolerances import AuditTolerances
from tfx_pipeline.config.beam import BeamConfig
from tfx_pipeline.config.candidates import CandidatesConfig
from tfx_pipeline.config.input_size import check_size, size_multiple_px
from tfx_pipeline.config.judging import EvaluateConfig, GateConfig, PackageConfig
from tfx_pipeline.config.kubeflow import KubeflowConfig
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.config.serving import PushConfig, ServeConfig
from tfx_pipeline.config.stage_fields import filled, to_plain
from tfx_pipeline.config.stages import DataConfig, PrivacyConfig, RunConfig
from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.config.unknown_name import unknown_name


@dataclass(frozen=True, kw_only=True)
class PipelineConfig:
    """Everything that can change an output, grouped by stage."""

    data: DataConfig = field(default_factory=DataConfig)
    privacy: PrivacyConfig = field(default_factory=PrivacyConfig)
    audit: AuditTolerances = field(default_factory=AuditTolerances)
    prepare: PrepareConfig = field(default_factory=PrepareConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    candidates: CandidatesConfig = field(default_factory=CandidatesConfig)
    evaluate: EvaluateConfig = field(default_factory=EvaluateConfig)
    gate: GateConfig = field(default_factory=GateConfig)
    package: PackageConfig = field(default_factory=PackageConfig)
    serve: ServeConfig = field(default_factory=ServeConfig)
    push: PushConfig = field(default_factory=PushConfig)
    beam: BeamConfig = field(default_factory=BeamConfig)
    run: RunConfig = field(default_factory=RunConfig)
    kubeflow: KubeflowConfig = field(default_factory=KubeflowConfig)

    def __post_init__(self) -> None:
        size = self.prepare.height_px, self.prepare.width_px
        for model, _ in self.trainings().values():
            check_size(model.name, *size, size_multiple_px(model))
        self.gate.check_rest_class(self.evaluate.rest_class)
        self.kubeflow.check_nodes(self.candidates.further)

    def trainings(self) -> dict[str, tuple[ModelConfig, TrainingConfig]]:
        """Returns what each Trainer of the run trains, the first under the name ''."""
        return {
            "": (self.model, self.training),
            **self.candidates.trainings(self.model, self.training),
        }

    def to_dict(self) -> dict[str, Any]:
        """Returns nested dicts of JSON values; the inverse of `from_dict`."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PipelineConfig:
        """Fills the defaults with nested values, each checked by name and type."""
        return cls().replaced(values)

    def replaced(self, values: Mapping[str, Any]) -> PipelineConfig:
        """Returns a copy with the given fields replaced; refuses unknown ones."""
        stages = {
            entry.name: getattr(self, entry.name) for entry in dataclasses.fields(self)
        }
        for name, fields in values.items():
            if name not in stages:
                raise ValueError(unknown_name("stage", name, stages))
            if not isinstance(fields, Mapping):
                raise ValueError(f"{name} must be a mapping of fields, got {fields!r}")
            stages[name] = filled(name, stages[name], fields)
        return PipelineConfig(**stages)
