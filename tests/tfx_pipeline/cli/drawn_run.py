"""A root folder whose runs are written by hand, as TFX writes ML Metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ml_metadata.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as mlmd


class DrawnRun:
    """ML Metadata of a root folder, empty at first."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True)
        self.root = root
        config = mlmd.ConnectionConfig()
        config.sqlite.filename_uri = str(root / "metadata.sqlite")
        config.sqlite.connection_mode = (
            mlmd.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
        )
        self.store = MetadataStore(config)
        self.execution_type = self.store.put_execution_type(
            mlmd.ExecutionType(name="node")
        )
        self.context_types = {
            name: self.store.put_context_type(mlmd.ContextType(name=name))
            for name in ("pipeline_run", "node")
        }

    def write_report(self, name: str, miou: float | None = 0.5) -> mlmd.Artifact:
        """Returns an artifact with its two files, known to no run yet."""
        metrics = {"blessed": True, "metrics": {"miou": miou, "foreground_miou": 0.25}}
        artifact = self.write_json(
            "components.EvaluationReport", name, {"metrics.json": metrics}
        )
        Path(artifact.uri, "report.html").write_text("<!doctype html>", "utf-8")
        return artifact

    def write_json(
        self, kind: str, name: str, files: Mapping[str, Any]
    ) -> mlmd.Artifact:
        """Returns an artifact of a type with JSON files, known to no run yet."""
        folder = self.root / name
        folder.mkdir()
        for file, content in files.items():
            (folder / file).write_text(json.dumps(content), "utf-8")
        return self.artifact(kind, str(folder))

    def artifact(self, kind: str, uri: str) -> mlmd.Artifact:
        """Returns an artifact of a type, known to no run yet."""
        type_id = self.store.put_artifact_type(mlmd.ArtifactType(name=kind))
        return mlmd.Artifact(type_id=type_id, uri=uri)

    def add_run(
        self,
        run_id: str,
        outputs: Mapping[str, Mapping[str, mlmd.Artifact]],
        state: int = mlmd.Execution.COMPLETE,
    ) -> None:
        """Writes a run: node id to what it put out by name, from the cache or anew."""
        run_context = self._context("pipeline_run", run_id)
        for node, artifacts in outputs.items():
            pairs = [
                (artifact, self._output(name)) for name, artifact in artifacts.items()
            ]
            _, ids, _ = self.store.put_execution(
                mlmd.Execution(type_id=self.execution_type, last_known_state=state),
                pairs,
                [run_context, self._context("node", f"carseg.{node}")],
                reuse_context_if_already_exist=True,
            )
            for (artifact, _), artifact_id in zip(pairs, ids, strict=True):
                artifact.id = artifact_id

    def _output(self, name: str) -> mlmd.Event:
        event = mlmd.Event(type=mlmd.Event.OUTPUT)
        event.path.steps.add().key = name
        return event

    def _context(self, kind: str, name: str) -> mlmd.Context:
        return mlmd.Context(type_id=self.context_types[kind], name=name)
