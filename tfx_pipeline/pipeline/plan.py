"""A configuration with everything that only a look at the machine can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.model_approval.signed_file import SignedFile
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.config.transform_settings import TransformSettings


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What `create_pipeline` wires; made by a runner.

    Attributes:
        config: The configuration.
        builder: Dotted path of the builder's class.
        builder_kwargs: Its arguments, `data_dir` not among them.
        taxonomy: JSON form of the task's taxonomy.
        slice_features: Features of its records that results may be sliced by.
        schema_file: Curated schema; its path contains its hash.
        data_dir: Where prepared datasets are kept.
        pipeline_root: Where artifacts are written.
        metadata_path: SQLite file of ML Metadata.
        content_fingerprint: Names the state of the source data.
        code_fingerprints: Node type to the hash of the sources that it runs.
        transform: What Transform gets.
        trainers: Name of each candidate ('' is the first) to what its Trainer gets.
        push_directory: Versions go to `<push_directory>/<model name>/<version>`.
        approval: What a person signed before the run; None where nobody is asked.
        destination_fingerprints: Name of each candidate to what its destination lost.
        lineage: What the report says a model was made of: configuration,
            fingerprints, versions.
    """

    config: PipelineConfig
    builder: str
    builder_kwargs: Mapping[str, Any]
    taxonomy: Mapping[str, Any]
    slice_features: tuple[str, ...]
    schema_file: str
    data_dir: str
    pipeline_root: str
    metadata_path: str
    content_fingerprint: str
    code_fingerprints: Mapping[str, str]
    transform: TransformSettings
    trainers: Mapping[str, TrainerSettings]
    push_directory: str
    approval: SignedFile | None
    destination_fingerprints: Mapping[str, str]
    lineage: Mapping[str, Any]

    @property
    def task(self) -> str:
        """Name of the task that is learnt."""
        return str(self.taxonomy["task"])
