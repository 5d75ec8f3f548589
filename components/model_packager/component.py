"""The TFX node that makes a blessed model ready to be served."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.artifacts import DatasetAudit, GateVerdict
from components.model_packager.executor import Executor
from components.model_packager.refusals import check_version


class ModelPackagerSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "blessing": component_spec.ChannelParameter(
            type=standard_artifacts.ModelBlessing
        ),
        "verdict": component_spec.ChannelParameter(type=GateVerdict, optional=True),
        "evaluation": component_spec.ChannelParameter(
            type=standard_artifacts.ModelEvaluation, optional=True
        ),
        "audit": component_spec.ChannelParameter(type=DatasetAudit, optional=True),
    }
    OUTPUTS: ClassVar[dict[str, Any]] = {
        "packaged_model": component_spec.ChannelParameter(type=standard_artifacts.Model)
    }
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "model_name": component_spec.ExecutionParameter(type=str),
        "taxonomy": component_spec.ExecutionParameter(type=str),
        "target_version": component_spec.ExecutionParameter(type=str),
        "intended_use": component_spec.ExecutionParameter(type=str),
        "limits": component_spec.ExecutionParameter(type=str),
        "warmup_batch_sizes": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }


class ModelPackager(base_component.BaseComponent):
    """Copies a blessed SavedModel and adds card, metrics, warm-up and manifest.

    The output `packaged_model` (`Model`, the layout of the Trainer's) has the custom
    properties `packaged` (1 or 0), `reasons` (JSON list) and `manifest_sha256`; the
    same stands in its `package.json`. A model that is refused leaves no SavedModel.

    Example:
        packager = ModelPackager(
            model=trainer.outputs["model"], blessing=gate.outputs["blessing"],
            verdict=gate.outputs["verdict"], model_name="car",
            taxonomy=taxonomy.to_dict(), target_version="2.16")
    """

    SPEC_CLASS = ModelPackagerSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self,
        *,
        model: types.BaseChannel,
        blessing: types.BaseChannel,
        model_name: str,
        taxonomy: Mapping[str, Any],
        target_version: str,
        intended_use: str = "",
        limits: Sequence[str] = (),
        warmup_batch_sizes: Sequence[int] = (1,),
        verdict: types.BaseChannel | None = None,
        evaluation: types.BaseChannel | None = None,
        audit: types.BaseChannel | None = None,
        code_fingerprint: str = "",
    ) -> None:
        """Builds the node.

        Args:
            model: `Model` of the Trainer.
            blessing: `ModelBlessing` of the gate.
            model_name: Under which the model is served.
            taxonomy: The taxonomy's JSON form; its licence goes on the card.
            target_version: TensorFlow of the servers, such as 2.16.
            intended_use: Text for the card.
            limits: Sentences for the card, beside those that follow from the facts.
            warmup_batch_sizes: Sizes that the servers batch to.
            verdict: `GateVerdict`; its rules go on the card.
            evaluation: `ModelEvaluation`; its figures by slice go on the card.
            audit: `DatasetAudit`; its counts go on the card.
            code_fingerprint: Hash of the sources, so that the cache sees their change.
        """
        check_version(target_version)
        super().__init__(
            ModelPackagerSpec(
                model=model,
                blessing=blessing,
                verdict=verdict,
                evaluation=evaluation,
                audit=audit,
                model_name=model_name,
                taxonomy=json.dumps(taxonomy, sort_keys=True, ensure_ascii=False),
                target_version=target_version,
                intended_use=intended_use,
                limits=json.dumps(list(limits), ensure_ascii=False),
                warmup_batch_sizes=json.dumps(list(warmup_batch_sizes)),
                code_fingerprint=code_fingerprint,
                packaged_model=channel_utils.as_channel([standard_artifacts.Model()]),
            )
        )
