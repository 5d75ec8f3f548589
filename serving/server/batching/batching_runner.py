"""A runner whose requests wait for others, to run together with them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import wait

import numpy as np

from serving.server.batching.batch_queue import BatchQueue
from serving.server.batching.batch_run import BatchRun, TensorNames
from serving.server.batching.row_merging import count_rows
from serving.server.batching.scheduler import BatchScheduler
from serving.server.batching.task import Task
from serving.server.models.servable import Runner
from serving.server.settings.batching_settings import BatchingSettings
from serving.server.watching.metric_names import INPUT_BATCH_SIZE
from serving.server.watching.metrics import Metrics

_Key = tuple[frozenset[str], frozenset[str]]


class BatchingRunner:
    """Runs another runner; may be used from any thread.

    There is a queue for each set of input tensors with each set of output tensors,
    whatever the signature is called, as in TensorFlow Serving.
    """

    def __init__(
        self,
        runner: Runner,
        *,
        scheduler: BatchScheduler,
        settings: BatchingSettings,
        metrics: Metrics,
    ) -> None:
        """Starts without queues.

        Args:
            runner: What runs the batches; is closed with this one.
            scheduler: Whose threads run them.
            settings: Checked: see `BatchingSettings.check_queue`.
            metrics: Counts requests and batches.
        """
        self.signatures = runner.signatures
        self._runner = runner
        self._scheduler = scheduler
        self._settings = settings
        self._metrics = metrics
        self._lock = threading.Lock()
        self._queues: dict[_Key, BatchQueue] = {}

    def run(
        self,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        outputs: set[str],
        *,
        until: float | None = None,
    ) -> dict[str, np.ndarray]:
        """As `Runner.run`; waits for its batch as long as that takes.

        Raises:
            ServingError: The queue refuses the request, or its batch has failed.
        """
        names = self._names(signature_name, inputs, outputs)
        rows = {names.inputs[name]: array for name, array in inputs.items()}
        size = count_rows(rows)
        for _ in rows:  # once per input, as TensorFlow Serving counts them
            self._metrics.observe(INPUT_BATCH_SIZE, (), size)
        task = Task(inputs=rows, size=size, queued_at=time.monotonic(), until=until)
        answer = _joined(self._scheduler.submit(self._queue(names), task))
        return {name: answer[tensor] for name, tensor in names.outputs.items()}

    def close(self) -> None:
        """Answers what waits, then frees what the version holds."""
        for queue in self._queues.values():
            self._scheduler.drain(queue)
        self._queues.clear()
        self._runner.close()

    def _names(
        self, signature_name: str, inputs: Mapping[str, np.ndarray], outputs: set[str]
    ) -> TensorNames:
        signature = self.signatures[signature_name]
        return TensorNames(
            signature_name=signature_name,
            inputs={name: signature.inputs[name].name for name in inputs},
            outputs={name: signature.outputs[name].name for name in outputs},
        )

    def _queue(self, names: TensorNames) -> BatchQueue:
        key = frozenset(names.inputs.values()), frozenset(names.outputs.values())
        with self._lock:
            if key not in self._queues:
                run = BatchRun(
                    self._runner, names, settings=self._settings, metrics=self._metrics
                )
                self._queues[key] = BatchQueue(self._settings, run)
            return self._queues[key]


def _joined(pieces: Sequence[Task]) -> dict[str, np.ndarray]:
    if len(pieces) == 1:
        return pieces[0].answer.result()
    # All of them, also where the first has failed: the graph must not go meanwhile.
    wait([piece.answer for piece in pieces])
    answers = [piece.answer.result() for piece in pieces]
    return {
        name: np.concatenate([answer[name] for answer in answers])
        for name in answers[0]
    }
