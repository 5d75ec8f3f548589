"""Runs the pipeline in this process with TFX's LocalDagRunner."""

from __future__ import annotations

from collections.abc import Callable

# Not from `tfx.v1`: that also loads the clients of Google Cloud AI Platform, which
# cost half of the time that TFX takes to load.
from tfx.orchestration.local.local_dag_runner import LocalDagRunner

from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.pipeline.create_pipeline import create_pipeline
from tfx_pipeline.runners.beam_errors import as_plain_errors
from tfx_pipeline.runners.make_plan import make_plan
from tfx_pipeline.runners.run_history import latest_run
from tfx_pipeline.runners.run_logs import logs_to_file
from tfx_pipeline.runners.run_result import RunResult, read_result
from tfx_pipeline.runners.workspace import Workspace


def run_locally(
    config: PipelineConfig,
    workspace: Workspace,
    on_node: Callable[[str, str], None] | None = None,
) -> RunResult:
    """Runs every node that is not cached and returns stages, audit and verdicts.

    Args:
        config: The configuration.
        workspace: Where the run is kept; locked by the caller.
        on_node: Called with a node's id and `running` or `finished`.

    Raises:
        BeamConnectionError: A job service or a worker of Beam does not answer.
        UsageError: A name or value of the configuration fits nothing.
        TooManySkippedError: More sources are unreadable than tolerated.
    """
    with logs_to_file(workspace.log_file, on_node):
        plan = make_plan(config, workspace)
        pipeline = create_pipeline(plan)
        with as_plain_errors(config.beam):
            LocalDagRunner().run(pipeline)
        record = latest_run(str(workspace.metadata_path), config.run.name)
        assert record is not None, "a run that returned has been recorded"
        node_ids = [node.id for node in pipeline.components]
        return read_result(record, plan, node_ids, workspace.log_file)
