"""One run of a graph for all tasks of a batch."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from serving.server.batching.row_merging import merge_inputs, round_up, split_outputs
from serving.server.batching.task import Task
from serving.server.errors import Code, ServingError, as_serving_error
from serving.server.models.servable import Runner
from serving.server.settings.batching_settings import BatchingSettings
from serving.server.watching import metric_names as names
from serving.server.watching.metrics import Metrics


@dataclass(frozen=True, kw_only=True)
class TensorNames:
    """What a signature's inputs and outputs are called in the graph, by their names."""

    signature_name: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


class BatchRun:
    """Answers batches whose tasks feed the same tensors and want the same ones."""

    def __init__(
        self,
        runner: Runner,
        tensors: TensorNames,
        *,
        settings: BatchingSettings,
        metrics: Metrics,
    ) -> None:
        """Prepares to run.

        Args:
            runner: The graph.
            tensors: Of any signature with these inputs and outputs.
            settings: Sizes and padding.
            metrics: Counts the runs.
        """
        self._runner = runner
        self._tensors = tensors
        self._settings = settings
        self._metrics = metrics

    def __call__(self, tasks: list[Task]) -> None:
        """Answers all tasks; what is wrong with one of them is wrong with all."""
        try:
            answers = self._answers(tasks)
        except Exception as err:  # a batch must never end a thread of the pool
            error = as_serving_error(err)
            for task in tasks:  # each raises its own: an error grows where it is raised
                task.answer.set_exception(ServingError(error.message, error.code))
            return
        for task, answer in zip(tasks, answers, strict=True):
            task.answer.set_result(answer)

    def _answers(self, tasks: Sequence[Task]) -> list[dict[str, np.ndarray]]:
        until = self._leave_queue(tasks)
        size = sum(task.size for task in tasks)
        batch_size = round_up(size, self._settings.allowed_batch_sizes)
        self._metrics.observe(names.PADDING_SIZE, (str(batch_size),), batch_size - size)
        self._metrics.observe(names.PROCESSED_BATCH_SIZE, (), batch_size)
        inputs = merge_inputs(
            tasks,
            batch_size=batch_size,
            pads_lengths=self._settings.pad_variable_length_inputs,
        )
        outputs = self._run(inputs, until)
        return split_outputs(outputs, tasks, batch_size=batch_size)

    def _leave_queue(self, tasks: Sequence[Task]) -> float | None:
        """Returns how long the run may take: as long as the most patient client waits.

        Raises:
            ServingError: Nobody waits any more.
        """
        now = time.monotonic()
        for task in tasks:
            waited_us = (now - task.queued_at) * 1e6
            # TensorFlow Serving leaves the pool's name empty here.
            self._metrics.observe(names.QUEUING_LATENCY, ("",), waited_us)
        times = [task.until for task in tasks if task.until is not None]
        if len(times) < len(tasks):
            return None
        if max(times) <= now:
            raise ServingError(
                "Run() timeout exceeded while waiting in batching queue",
                Code.RESOURCE_EXHAUSTED,
            )
        return max(times)

    def _run(
        self, inputs: Mapping[str, np.ndarray], until: float | None
    ) -> dict[str, np.ndarray]:
        tensors = self._tensors
        try:
            outputs = self._runner.run(
                tensors.signature_name,
                {name: inputs[tensor] for name, tensor in tensors.inputs.items()},
                set(tensors.outputs),
                until=until,
            )
        finally:
            self._metrics.count(names.WRAPPED_RUN_COUNT)
        return {tensors.outputs[name]: array for name, array in outputs.items()}
