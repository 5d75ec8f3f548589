"""What TFX's Evaluator takes from us by name: `module_path=` this module.

The configuration is all it gets. The wanted conditions are features that the slices
name; the wanted corruptions stand in the metric's own configuration:
`"corruptions": [["blur", 3], ...]`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.api.types import EvalSharedModel
from tensorflow_model_analysis.extractors.extractor import Extractor
from tensorflow_model_analysis.extractors.slice_key_extractor import (
    SLICE_KEY_EXTRACTOR_STAGE_NAME,
)
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics import batched_predictions
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.condition_features import (
    WantedConditions,
    conditions_extractor,
)
from components.segmentation_metrics.condition_names import CONDITIONS
from components.segmentation_metrics.corrupted_records import corruptions_extractor
from components.segmentation_metrics.corruption import (
    CORRUPTION_FEATURE,
    Corruption,
)
from components.segmentation_metrics.slice_rules import with_slice_rules


def custom_extractors(
    eval_shared_model: EvalSharedModel | Sequence[EvalSharedModel],
    eval_config: config_pb2.EvalConfig,
    tensor_adapter_config: Any,
) -> list[Extractor]:
    """Returns TFMA's steps with our prediction step in the place of its own.

    Steps for conditions and corruptions are there only where the configuration asks.
    Spoiled copies get their slices, whether the configuration names them or not.

    Raises:
        ValueError: A corruption is unknown.
    """
    models = (
        [eval_shared_model]
        if isinstance(eval_shared_model, EvalSharedModel)
        else list(eval_shared_model)
    )
    corruptions = _wanted_corruptions(eval_config)
    steps = tfma.default_extractors(
        eval_shared_model=eval_shared_model,
        eval_config=_with_slices(eval_config, corruptions),
        tensor_adapter_config=tensor_adapter_config,
        custom_predict_extractor=batched_predictions.predictions_extractor(
            eval_config.model_specs, models
        ),
    )
    before = _condition_steps(eval_config)
    if corruptions:
        most = max(spec.inference_batch_size for spec in eval_config.model_specs)
        before.append(corruptions_extractor(corruptions, max(1, most)))
        steps = [
            with_slice_rules(step)
            if step.stage_name == SLICE_KEY_EXTRACTOR_STAGE_NAME
            else step
            for step in steps
        ]
    place = [step.stage_name for step in steps].index(batched_predictions.STAGE_NAME)
    return [*steps[:place], *before, *steps[place:]]


def _condition_steps(eval_config: config_pb2.EvalConfig) -> list[Extractor]:
    sliced = _sliced_features(eval_config)
    names = tuple(name for name in CONDITIONS if name in sliced)
    if not names:
        return []
    options = _metric_options(eval_config)
    classes = ClassNames.from_taxonomy(options["taxonomy"])
    wanted = WantedConditions(names=names, task=options["task"], classes=classes)
    return [conditions_extractor(wanted)]


def _wanted_corruptions(eval_config: config_pb2.EvalConfig) -> list[Corruption]:
    listed = _metric_options(eval_config).get("corruptions") or []
    corruptions = [Corruption(kind, strength) for kind, strength in listed]
    return list(dict.fromkeys(corruptions))


def _with_slices(
    eval_config: config_pb2.EvalConfig, corruptions: Sequence[Corruption]
) -> config_pb2.EvalConfig:
    extended = config_pb2.EvalConfig()
    extended.CopyFrom(eval_config)
    if corruptions and CORRUPTION_FEATURE not in _sliced_features(eval_config):
        extended.slicing_specs.add(feature_keys=[CORRUPTION_FEATURE])
    return extended


def _metric_options(eval_config: config_pb2.EvalConfig) -> Mapping[str, Any]:
    metric = eval_config.metrics_specs[0].metrics[0]
    return json.loads(metric.config)


def _sliced_features(eval_config: config_pb2.EvalConfig) -> set[str]:
    return {
        name
        for spec in eval_config.slicing_specs
        for name in (*spec.feature_keys, *spec.feature_values)
    }
