"""The TFX node that audits examples and blesses or refuses them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tfx import types
from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.artifacts import DatasetAudit, SkippedSources
from components.dataset_auditor.executor import Executor
from components.dataset_auditor.tolerances import AuditTolerances


class DatasetAuditorSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "anomalies": component_spec.ChannelParameter(
            type=standard_artifacts.ExampleAnomalies, optional=True
        ),
        "skipped": component_spec.ChannelParameter(type=SkippedSources, optional=True),
    }
    OUTPUTS: ClassVar[dict[str, Any]] = {
        "audit": component_spec.ChannelParameter(type=DatasetAudit)
    }
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "task": component_spec.ExecutionParameter(type=str),
        "taxonomy": component_spec.ExecutionParameter(type=str),
        "tolerances": component_spec.ExecutionParameter(type=str),
        "slice_features": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }


class DatasetAuditor(base_beam_component.BaseBeamComponent):
    """Audits examples before training; what follows hangs on its blessing.

    The output `audit` (`DatasetAudit`) holds `audit.json`, `audit.html`, `audit.txt`
    and the custom properties `blessed` (1 or 0) and `reasons` (JSON list).

    Example:
        auditor = DatasetAuditor(
            examples=gen.outputs["examples"], task="car",
            taxonomy=taxonomy.to_dict(), tolerances=AuditTolerances())
        blessed = auditor.outputs["audit"].future()[0].custom_property("blessed")
        with tfx.dsl.Cond(blessed == 1):
            ...
    """

    SPEC_CLASS = DatasetAuditorSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(Executor)

    def __init__(
        self,
        *,
        examples: types.BaseChannel,
        task: str,
        taxonomy: Mapping[str, Any],
        tolerances: AuditTolerances | None = None,
        slice_features: Sequence[str] = ("view", "domain", "source"),
        anomalies: types.BaseChannel | None = None,
        skipped: types.BaseChannel | None = None,
        code_fingerprint: str = "",
    ) -> None:
        """Builds the node.

        Args:
            examples: `Examples` with splits.
            task: Name of the task, whose mask is `mask/<task>`.
            taxonomy: The taxonomy's JSON form.
            tolerances: Bounds of the verdict; None takes the defaults.
            slice_features: Byte features to count by.
            anomalies: Output of ExampleValidator.
            skipped: `SkippedSources` of the example generator.
            code_fingerprint: Hash of the sources, so that the cache sees their change.
        """
        bounds = tolerances or AuditTolerances()
        super().__init__(
            DatasetAuditorSpec(
                examples=examples,
                anomalies=anomalies,
                skipped=skipped,
                task=task,
                taxonomy=json.dumps(taxonomy, sort_keys=True, ensure_ascii=False),
                tolerances=json.dumps(bounds.to_dict(), sort_keys=True),
                slice_features=json.dumps(list(slice_features)),
                code_fingerprint=code_fingerprint,
                audit=channel_utils.as_channel([DatasetAudit()]),
            )
        )
