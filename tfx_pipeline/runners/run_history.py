"""Reads from ML Metadata what a run did: stages, states and artifacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ml_metadata import metadata_store
from ml_metadata.proto import metadata_store_pb2

_STATES = metadata_store_pb2.Execution
_STATE_NAMES = {
    _STATES.COMPLETE: "DONE",
    _STATES.CACHED: "CACHED",
    _STATES.FAILED: "FAILED",
    _STATES.RUNNING: "RUNNING",
    _STATES.NEW: "RUNNING",
    _STATES.CANCELED: "CANCELED",
}


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One node of a run: id, state and seconds."""

    node: str
    state: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """A run as ML Metadata knows it."""

    run_id: str
    stages: tuple[Stage, ...]
    outputs: dict[str, dict[str, Any]]  # node -> output name -> MLMD artifact

    def output(self, node: str, name: str) -> Any | None:
        """Returns a node's output artifact, None where the node gave none."""
        return self.outputs.get(node, {}).get(name)


def latest_run(metadata_path: str, pipeline: str) -> RunRecord | None:
    """Returns the newest run of the named pipeline, None before the first one."""
    store = open_store(metadata_path)
    runs = [
        context
        for context in store.get_contexts_by_type("pipeline_run")
        if pipeline
        in [parent.name for parent in store.get_parent_contexts_by_context(context.id)]
    ]
    if not runs:
        return None
    newest = max(runs, key=lambda context: context.id)
    executions = {
        node_of(store, execution): execution
        for execution in sorted(
            store.get_executions_by_context(newest.id),
            key=lambda execution: execution.id,
        )
    }
    return RunRecord(
        run_id=newest.name,
        stages=tuple(_stage(node, execution) for node, execution in executions.items()),
        outputs={
            node: outputs_of(store, execution) for node, execution in executions.items()
        },
    )


def open_store(metadata_path: str) -> metadata_store.MetadataStore:
    """Returns the store in a SQLite file."""
    config = metadata_store_pb2.ConnectionConfig()
    config.sqlite.filename_uri = metadata_path
    config.sqlite.connection_mode = (
        metadata_store_pb2.SqliteMetadataSourceConfig.READWRITE
    )
    return metadata_store.MetadataStore(config)


def node_of(store: metadata_store.MetadataStore, execution: Any) -> str:
    """Returns the node's id: its context is named `<pipeline>.<node id>`."""
    names = [
        context.name.partition(".")[2]
        for context in store.get_contexts_by_execution(execution.id)
        if context.type == "node"
    ]
    return str(names[0])


def _stage(node: str, execution: Any) -> Stage:
    took_ms = execution.last_update_time_since_epoch - execution.create_time_since_epoch
    return Stage(
        node=node,
        state=_STATE_NAMES.get(execution.last_known_state, "UNKNOWN"),
        seconds=took_ms / 1000,
    )


def outputs_of(store: metadata_store.MetadataStore, execution: Any) -> dict[str, Any]:
    """Returns the artifacts that an execution wrote, by the names of its outputs."""
    events = [
        event
        for event in store.get_events_by_execution_ids([execution.id])
        if event.type == metadata_store_pb2.Event.OUTPUT
    ]
    artifacts = {
        artifact.id: artifact
        for artifact in store.get_artifacts_by_id(
            [event.artifact_id for event in events]
        )
    }
    return {
        event.path.steps[0].key: artifacts[event.artifact_id]
        for event in events
        if event.path.steps
    }
