"""Runs the pipeline in this process with TFX's LocalDagRunner."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tfx.v1.orchestration import LocalDagRunner

from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.pipeline.create_pipeline import create_pipeline
from tfx_pipeline.runners.make_plan import make_plan
from tfx_pipeline.runners.run_history import RunRecord, latest_run
from tfx_pipeline.runners.run_logs import logs_to_file
from tfx_pipeline.runners.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What a finished run has to say."""

    record: RunRecord
    audit: dict[str, Any]
    audit_folder: Path
    examples_folder: Path
    taxonomy: Mapping[str, Any]
    log_file: Path

    def shards(self, split: str) -> list[Path]:
        """Returns the record files of a split."""
        return sorted(Path(self.examples_folder, f"Split-{split}").iterdir())

    @property
    def blessed(self) -> bool:
        """Whether the audit found the data fit for training."""
        return bool(self.audit["blessed"])


def run_locally(
    config: PipelineConfig,
    workspace: Workspace,
    on_node: Callable[[str, str], None] | None = None,
) -> RunResult:
    """Runs every node that is not cached and returns stages and audit.

    Args:
        config: The configuration.
        workspace: Where the run is kept; locked by the caller.
        on_node: Called with a node's id and `running` or `finished`.

    Raises:
        UsageError: A name or value of the configuration fits nothing.
        TooManySkippedError: More sources are unreadable than tolerated.
    """
    with logs_to_file(workspace.log_file, on_node):
        plan = make_plan(config, workspace)
        LocalDagRunner().run(create_pipeline(plan))
        record = latest_run(plan.metadata_path, config.run.name)
    assert record is not None, "a run that returned has been recorded"
    artifact = record.output("DatasetAuditor", "audit")
    examples = record.output("TfdsExampleGen", "examples")
    assert artifact is not None and examples is not None, "both nodes have run"
    folder = Path(artifact.uri)
    return RunResult(
        record=record,
        audit=json.loads((folder / "audit.json").read_text("utf-8")),
        audit_folder=folder,
        examples_folder=Path(examples.uri),
        taxonomy=plan.taxonomy,
        log_file=workspace.log_file,
    )
