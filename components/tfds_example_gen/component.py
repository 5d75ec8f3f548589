"""The TfdsExampleGen node: its inputs, outputs and properties."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.dsl.placeholder import placeholder
from tfx.orchestration import data_types
from tfx.types import channel, channel_utils, component_spec, standard_artifacts

from components.artifacts import SkippedSources
from components.tfds_example_gen.executor import Executor


class TfdsExampleGenSpec(component_spec.ComponentSpec):
    """What the node takes and gives."""

    PARAMETERS = {  # noqa: RUF012 - TFX reads this attribute
        "dataset": component_spec.ExecutionParameter(type=str),
        "find_builder": component_spec.ExecutionParameter(type=str),
        "manual_dir": component_spec.ExecutionParameter(type=str),
        "builder_kwargs": component_spec.ExecutionParameter(type=str),
        "data_dir": component_spec.ExecutionParameter(type=str),
        "content_fingerprint": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }
    INPUTS: dict[str, Any] = {}  # noqa: RUF012
    OUTPUTS = {  # noqa: RUF012
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "skipped": component_spec.ChannelParameter(type=SkippedSources),
    }


class TfdsExampleGen(base_beam_component.BaseBeamComponent):
    """Ingests a dataset by the TFDS builder that its name stands for.

    Args:
        dataset: `NAME` or `NAME/CONFIG`; a runner's parameter of the run, too.
        find_builder: Dotted path of a function from NAME to the dotted path of its
            builder's class.
        manual_dir: Folder as the data's owner publishes it, '' for none; a runner's
            parameter of the run, too.
        builder_kwargs: Further arguments of the builder, JSON-ready.
        data_dir: Folder that holds the prepared datasets; '' prepares in a temporary
            one, which Beam workers on other machines do not see.
        content_fingerprint: Names the state of the source folder; a cache key. The
            value of an earlier node's output, too.
        code_fingerprint: Names the code that is run; a cache key.
    """

    SPEC_CLASS = TfdsExampleGenSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(Executor)

    def __init__(
        self,
        *,
        dataset: str | data_types.RuntimeParameter,
        find_builder: str,
        builder_kwargs: Mapping[str, Any],
        data_dir: str,
        content_fingerprint: str | placeholder.Placeholder,
        code_fingerprint: str,
        manual_dir: str | data_types.RuntimeParameter = "",
    ) -> None:
        super().__init__(
            TfdsExampleGenSpec(
                dataset=dataset,
                find_builder=find_builder,
                manual_dir=manual_dir,
                builder_kwargs=json.dumps(builder_kwargs, sort_keys=True),
                data_dir=data_dir,
                content_fingerprint=content_fingerprint,
                code_fingerprint=code_fingerprint,
                examples=_output(standard_artifacts.Examples),
                skipped=_output(SkippedSources),
            )
        )


def _output(artifact_type: type) -> channel.Channel:
    return channel_utils.as_channel([artifact_type()])
