"""The TFX node that turns a schema's text into an artifact."""

from __future__ import annotations

from typing import Any, ClassVar

from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.record_schema.executor import Executor


class RecordSchemaSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {}
    OUTPUTS: ClassVar[dict[str, Any]] = {
        "schema": component_spec.ChannelParameter(type=standard_artifacts.Schema)
    }
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "schema_text": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }


class RecordSchema(base_component.BaseComponent):
    """Gives a schema whose text travels with the pipeline.

    TFX's ImportSchemaGen reads a path of the machine that compiles, which a container
    does not have, and its cache key holds that path in place of the text.

    Example:
        schema = RecordSchema(schema_text='feature { name: "image" type: BYTES }')
        statistics = StatisticsGen(examples=..., schema=schema.outputs["schema"])
    """

    SPEC_CLASS = RecordSchemaSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(self, *, schema_text: str, code_fingerprint: str = "") -> None:
        """Builds the node.

        Args:
            schema_text: Text form of the `Schema` proto.
            code_fingerprint: Hash of the sources, so that the cache sees their change.
        """
        super().__init__(
            RecordSchemaSpec(
                schema_text=schema_text,
                code_fingerprint=code_fingerprint,
                schema=channel_utils.as_channel([standard_artifacts.Schema()]),
            )
        )
