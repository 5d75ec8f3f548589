"""A configuration with everything that a look at machine and dataset tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.source_fingerprint.compiled_facts import CompiledFacts
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.config.transform_settings import TransformSettings
from tfx_pipeline.pipeline.places import Places


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What `create_pipeline` wires; made by a runner.

    Attributes:
        config: The configuration.
        places: Where it runs.
        builder_kwargs: Arguments of the builder, without configuration and folders.
        taxonomy: JSON form of the task's taxonomy.
        slice_features: Features of its records that results may be sliced by.
        schema_text: Curated schema of the records.
        code_fingerprints: Node type to the hash of the sources that it runs.
        code_fingerprints_of: Dotted path of the function that computes them.
        compiled: What the machine that runs has to find.
        transform: What Transform gets.
        trainers: Name of each candidate ('' is the first) to what its Trainer gets.
        lineage: What the report says a model was made of: configuration,
            fingerprints, versions.
    """

    config: PipelineConfig
    places: Places
    builder_kwargs: Mapping[str, Any]
    taxonomy: Mapping[str, Any]
    slice_features: tuple[str, ...]
    schema_text: str
    code_fingerprints: Mapping[str, str]
    code_fingerprints_of: str
    compiled: CompiledFacts
    transform: TransformSettings
    trainers: Mapping[str, TrainerSettings]
    lineage: Mapping[str, Any]

    @property
    def task(self) -> str:
        """Name of the task that is learnt."""
        return str(self.taxonomy["task"])
