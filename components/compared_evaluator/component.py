"""TFX's Evaluator with an executor of ours."""

from __future__ import annotations

from tfx.components.evaluator.component import Evaluator
from tfx.dsl.components.base import executor_spec

from components.compared_evaluator.executor import Executor


class ComparedEvaluator(Evaluator):
    """Evaluates against the output of `LiveModel`, also where that holds no model.

    Arguments and outputs are those of TFX's Evaluator.
    """

    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(Executor)
