"""The TFX node that looks at sources, code and destinations before all others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from tfx.dsl.components.base import base_component, executor_spec
from tfx.orchestration import data_types
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.source_fingerprint.compiled_facts import CompiledFacts
from components.source_fingerprint.executor import Executor


class SourceFingerprintSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {}
    OUTPUTS: ClassVar[dict[str, Any]] = {
        "content_fingerprint": component_spec.ChannelParameter(
            type=standard_artifacts.String
        ),
        "live_fingerprint": component_spec.ChannelParameter(
            type=standard_artifacts.String
        ),
    }
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "dataset": component_spec.ExecutionParameter(type=str),
        "find_builder": component_spec.ExecutionParameter(type=str),
        "manual_dir": component_spec.ExecutionParameter(type=str),
        "verify_bytes": component_spec.ExecutionParameter(type=int),
        "builder_kwargs": component_spec.ExecutionParameter(type=str),
        "compiled": component_spec.ExecutionParameter(type=str),
        "code_fingerprints_of": component_spec.ExecutionParameter(type=str),
        "destinations": component_spec.ExecutionParameter(type=str),
    }


class SourceFingerprint(base_component.BaseComponent):
    """Computes where the pipeline runs what a local runner computes before it starts.

    Its outputs are values for execution properties of later nodes:
    `content_fingerprint` names the state of the source folder, `live_fingerprint` that
    of the models at the push destinations. It fails, in one line, where the installed
    code or the dataset is another than the pipeline was compiled for.

    The node itself must never be taken from a cache: what it looks at is no input.

    Example:
        source = SourceFingerprint(dataset="carvana", manual_dir="/data", ...)
        value = source.outputs["content_fingerprint"].future()[0].value
        gen = TfdsExampleGen(content_fingerprint=value, ...)
    """

    SPEC_CLASS = SourceFingerprintSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self,
        *,
        dataset: str | data_types.RuntimeParameter,
        find_builder: str,
        builder_kwargs: Mapping[str, Any],
        compiled: CompiledFacts,
        code_fingerprints_of: str,
        manual_dir: str | data_types.RuntimeParameter = "",
        verify_bytes: bool = False,
        destinations: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        """Builds the node.

        Args:
            dataset: As of `TfdsExampleGen`, like the next two and `manual_dir`.
            find_builder: Dotted path of a function from NAME to a builder's path.
            builder_kwargs: Further arguments of the builder, JSON-ready.
            compiled: What has to be so on the machine that runs.
            code_fingerprints_of: Dotted path of a function from a builder's dotted
                path to the hashes of the installed sources, by node.
            manual_dir: Folder as the data's owner publishes it; '' for none.
            verify_bytes: Hash the content of source files, not only size and time.
            destinations: Name of each candidate to push directory and model name.
        """
        super().__init__(
            SourceFingerprintSpec(
                dataset=dataset,
                find_builder=find_builder,
                manual_dir=manual_dir,
                verify_bytes=int(verify_bytes),
                builder_kwargs=json.dumps(builder_kwargs, sort_keys=True),
                compiled=json.dumps(compiled.to_dict(), sort_keys=True),
                code_fingerprints_of=code_fingerprints_of,
                destinations=json.dumps(destinations or {}, sort_keys=True),
                content_fingerprint=_value(),
                live_fingerprint=_value(),
            )
        )


def _value() -> Any:
    return channel_utils.as_channel([standard_artifacts.String()])
