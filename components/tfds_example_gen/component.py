"""The TfdsExampleGen node: its inputs, outputs and properties."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.types import channel, channel_utils, component_spec, standard_artifacts

from components.artifacts import SkippedSources
from components.tfds_example_gen.executor import Executor


class TfdsExampleGenSpec(component_spec.ComponentSpec):
    """What the node takes and gives."""

    PARAMETERS = {  # noqa: RUF012 - TFX reads this attribute
        "builder": component_spec.ExecutionParameter(type=str),
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
    """Ingests a TFDS builder named by its dotted path.

    Args:
        builder: Dotted path of the builder class.
        builder_kwargs: Its keyword arguments, JSON-ready.
        data_dir: Folder that holds the prepared datasets.
        content_fingerprint: Names the state of the source folder; a cache key.
        code_fingerprint: Names the code that is run; a cache key.
    """

    SPEC_CLASS = TfdsExampleGenSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(Executor)

    def __init__(
        self,
        *,
        builder: str,
        builder_kwargs: Mapping[str, Any],
        data_dir: str,
        content_fingerprint: str,
        code_fingerprint: str,
    ) -> None:
        super().__init__(
            TfdsExampleGenSpec(
                builder=builder,
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
