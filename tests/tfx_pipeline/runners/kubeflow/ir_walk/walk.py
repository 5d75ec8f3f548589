"""Walks the root DAG from the first task to the last."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kfp.pipeline_spec import pipeline_spec_pb2 as spec

from tests.tfx_pipeline.runners.kubeflow.ir_walk.artifact_records import Backend
from tests.tfx_pipeline.runners.kubeflow.ir_walk.compiled import Compiled, Task
from tests.tfx_pipeline.runners.kubeflow.ir_walk.conditions import will_trigger
from tests.tfx_pipeline.runners.kubeflow.ir_walk.driver import (
    Finished,
    provision_outputs,
    resolve_inputs,
    run_parameters,
)
from tests.tfx_pipeline.runners.kubeflow.ir_walk.launcher import Launcher


@dataclass(kw_only=True)
class Walk:
    """What came of the tasks.

    Attributes:
        finished: Tasks that ran, in their order.
        skipped: Tasks whose condition was false, or that waited for such a one.
        executor_inputs: What each task that ran was started with.
        seconds: How long each took.
    """

    finished: dict[str, Finished] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    executor_inputs: dict[str, spec.ExecutorInput] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def walk(
    compiled: Compiled,
    launcher: Launcher,
    *,
    pipeline_root: str,
    folder: Path,
    parameters: Mapping[str, object] | None = None,
    backend: Backend = "ml metadata",
    until: str | None = None,
) -> Walk:
    """Runs every task that its condition lets run.

    Args:
        compiled: The pipeline.
        launcher: Runs the containers.
        pipeline_root: URI for artifacts.
        folder: For the containers' file systems.
        parameters: Runtime parameters of the run.
        backend: What keeps the artifacts of the run.
        until: The last task to run; all by default.
    """
    done = Walk()
    values = run_parameters(compiled.pipeline.root, parameters or {})
    name = compiled.pipeline.pipeline_info.name
    run_root = f"{pipeline_root}/{name}/run-1"
    waited_for: dict[str, set[str]] = {}
    for task in compiled.tasks():
        waits = set(task.spec.dependent_tasks)
        waited_for[task.name] = waits.union(*(waited_for[each] for each in waits))
        if not waits <= done.finished.keys():
            done.skipped.append(task.name)
            continue
        upstream = {each: done.finished[each] for each in waited_for[task.name]}
        executor_input = resolve_inputs(task, values, upstream, backend)
        if not will_trigger(task.spec.trigger_policy.condition, executor_input):
            done.skipped.append(task.name)
            continue
        started = time.monotonic()
        container = folder / task.name
        executor_input.outputs.CopyFrom(_outputs(task, run_root, container))
        done.executor_inputs[task.name] = executor_input
        done.finished[task.name] = launcher.launch(task, executor_input, container)
        done.seconds[task.name] = time.monotonic() - started
        if task.name == until:
            break
    return done


def _outputs(task: Task, run_root: str, container: Path) -> spec.ExecutorInput.Outputs:
    temporary = container / "tmp"
    temporary.mkdir(parents=True)
    return provision_outputs(
        task,
        run_root,
        output_file=f"{temporary}/kfp_outputs/output_metadata.json",
        parameter_folder=f"{temporary}/kfp/outputs",
    )
