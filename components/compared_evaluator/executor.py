"""Leaves out a baseline that does not exist, then evaluates as TFX does."""

from __future__ import annotations

from typing import Any

from tfx import types
from tfx.components.evaluator import executor

from components.live_model.existing_models import existing_models

BASELINE_MODEL = "baseline_model"


class Executor(executor.Executor):
    """Executor of `ComparedEvaluator`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Evaluates; TFX takes a missing baseline for a first run."""
        inputs = dict(input_dict)
        inputs[BASELINE_MODEL] = existing_models(inputs.get(BASELINE_MODEL))
        super().Do(inputs, output_dict, exec_properties)
