"""What TFX's Evaluator takes from us by name: `module_path=` this module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.api.types import EvalSharedModel
from tensorflow_model_analysis.extractors.extractor import Extractor
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics.batched_predictions import predictions_extractor


def custom_extractors(
    eval_shared_model: EvalSharedModel | Sequence[EvalSharedModel],
    eval_config: config_pb2.EvalConfig,
    tensor_adapter_config: Any,
) -> list[Extractor]:
    """Returns TFMA's steps with our prediction step in the place of its own."""
    models = (
        [eval_shared_model]
        if isinstance(eval_shared_model, EvalSharedModel)
        else list(eval_shared_model)
    )
    return tfma.default_extractors(
        eval_shared_model=eval_shared_model,
        eval_config=eval_config,
        tensor_adapter_config=tensor_adapter_config,
        custom_predict_extractor=predictions_extractor(eval_config.model_specs, models),
    )
