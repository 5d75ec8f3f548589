"""Builds and audits one dataset outside a pipeline, with the nodes' own functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.dataset_auditor.audit import run_audit
from components.tfds_example_gen.prepare import (
    PreparedDataset,
    dataset_folder,
    prepare_dataset,
)
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.runners.beam_errors import as_plain_errors
from tfx_pipeline.runners.described_dataset import DescribedDataset, describe_dataset
from tfx_pipeline.runners.local_places import source_state
from tfx_pipeline.runners.node_code import ingest_fingerprint
from tfx_pipeline.runners.run_logs import logs_to_file
from tfx_pipeline.runners.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class BuiltDataset:
    """A dataset that lies ready, and how to judge it."""

    config: PipelineConfig
    dataset: DescribedDataset
    folder: Path
    prepared: PreparedDataset
    task: str
    log_file: Path

    @property
    def taxonomy(self) -> Mapping[str, Any]:
        """JSON form of the task's taxonomy."""
        return self.dataset.taxonomies[self.task]

    @property
    def audit_folder(self) -> Path:
        """Where the audit of the task is written."""
        return self.folder / f"audit_{self.task}"

    def audit(self) -> dict[str, Any]:
        """Judges the dataset; returns what `audit.json` holds."""
        with logs_to_file(self.log_file), as_plain_errors(self.config.beam):
            return run_audit(
                splits={
                    split: [str(path) for path in paths]
                    for split, paths in self.prepared.shards.items()
                },
                task=self.task,
                taxonomy=self.taxonomy,
                tolerances=self.config.audit,
                slice_features=self.dataset.slice_features,
                skipped=self.prepared.skipped,
                out_dir=str(self.audit_folder),
                beam_pipeline_args=self.config.beam.pipeline_args(),
            )


def build_dataset(
    config: PipelineConfig, workspace: Workspace, task: str | None
) -> BuiltDataset:
    """Returns the configured dataset, built if it is not there yet.

    Args:
        config: The configuration; its stages data, privacy, audit and beam are used.
        workspace: Where prepared datasets are kept; locked by the caller.
        task: Whose masks are meant; None takes the dataset's first task.
    """
    with logs_to_file(workspace.log_file), as_plain_errors(config.beam):
        content = source_state(config)
        dataset = describe_dataset(config, config.data.manual_dir, task)
        named = dataset.named
        folder = dataset_folder(
            str(workspace.root),
            named.builder,
            named.builder_kwargs,
            content,
            ingest_fingerprint(named.builder),
        )
        prepared = prepare_dataset(
            builder=named.builder,
            builder_kwargs=named.builder_kwargs,
            folder=folder,
            beam_pipeline_args=config.beam.pipeline_args(),
        )
    return BuiltDataset(
        config=config,
        dataset=dataset,
        folder=folder,
        prepared=prepared,
        task=task or next(iter(dataset.taxonomies)),
        log_file=workspace.log_file,
    )
