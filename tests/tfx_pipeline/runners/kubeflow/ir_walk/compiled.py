"""A compiled pipeline as messages: what `carseg compile` has written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import yaml
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2 as spec


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task of the root DAG with its component and what executes it."""

    name: str
    spec: spec.PipelineTaskSpec
    component: spec.ComponentSpec
    executor: spec.PipelineDeploymentConfig.ExecutorSpec


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """The first document of the file."""

    pipeline: spec.PipelineSpec

    @classmethod
    def load(cls, path: Path) -> Compiled:
        """Reads the YAML file; unknown fields are an error, as in the backend."""
        document, *_ = yaml.safe_load_all(path.read_text("utf-8"))
        pipeline = spec.PipelineSpec()
        json_format.ParseDict(document, pipeline)
        return cls(pipeline=pipeline)

    def tasks(self) -> Iterator[Task]:
        """Yields the tasks in an order that keeps `dependentTasks`, and only those.

        What a task waits for is decided by them alone (`argocompiler/dag.go`); an input
        that comes from another task does not make it wait.
        """
        deployment = spec.PipelineDeploymentConfig()
        json_format.ParseDict(
            json_format.MessageToDict(self.pipeline.deployment_spec), deployment
        )
        tasks = self.pipeline.root.dag.tasks
        waits = {name: set(tasks[name].dependent_tasks) for name in sorted(tasks)}
        for name in TopologicalSorter(waits).static_order():
            task = tasks[name]
            assert task.task_info.name == name, "producers are found by this name"
            component = self.pipeline.components[task.component_ref.name]
            yield Task(
                name=name,
                spec=task,
                component=component,
                executor=deployment.executors[component.executor_label],
            )
