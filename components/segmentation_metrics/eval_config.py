"""The Evaluator's configuration: which signature, which numbers, which slices."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics.bootstrap import REPLICATES
from components.segmentation_metrics.corruption import Corruption

METRIC_MODULE = "components.segmentation_metrics.tfma_metric"
METRIC_CLASS = "SegmentationMetrics"
EVALUATOR_MODULE = "components.segmentation_metrics.evaluator_module"


def eval_config(
    *,
    task: str,
    taxonomy: Mapping[str, Any],
    slice_features: Sequence[str] = ("view", "domain", "source"),
    signature_name: str = "examples",
    prediction_key: str = "mask_png_bytes",
    inference_batch_size: int = 4,
    rest_class: str | None = None,
    replicates: int = REPLICATES,
    corruptions: Sequence[Corruption] = (),
    code_fingerprint: str = "",
) -> config_pb2.EvalConfig:
    """Returns the configuration for candidate and baseline alike.

    It has no thresholds: ModelGate decides, from the same numbers. TFMA adds the
    baseline's model where there is one, and names them `candidate` and `baseline`.

    Args:
        task: Name of the task, whose mask is `mask/<task>`.
        taxonomy: The taxonomy's JSON form.
        slice_features: Byte features; each is sliced by alone, beside the whole.
        signature_name: Signature that takes serialized records.
        prediction_key: Its output that holds the predicted PNG.
        inference_batch_size: Records predicted at once; bounds the memory.
        rest_class: Class that is on the object but is no named part of it.
        replicates: Redrawn splits for the intervals; 0 leaves them out.
        corruptions: Ways to spoil photos; each is measured of every photo as well, as
            slices of the feature `corruption`.
        code_fingerprint: Hash of the sources, so that the cache sees their change.

    Raises:
        ValueError: `inference_batch_size` is below 1.

    Example:
        Evaluator(examples=..., model=..., baseline_model=..., example_splits=["test"],
                  eval_config=eval_config(task="car", taxonomy=taxonomy.to_dict()),
                  module_path=EVALUATOR_MODULE)
    """
    if inference_batch_size < 1:
        raise ValueError(
            f"inference_batch_size must be at least 1, got {inference_batch_size};"
            " 1 to 8 suits photos"
        )
    config = {
        "task": task,
        "taxonomy": taxonomy,
        "prediction_key": prediction_key,
        "rest_class": rest_class,
        "replicates": replicates,
        "corruptions": [[one.kind, one.strength] for one in corruptions],
        "code_fingerprint": code_fingerprint,
    }
    metric = config_pb2.MetricConfig(
        module=METRIC_MODULE,
        class_name=METRIC_CLASS,
        config=json.dumps(config, sort_keys=True, ensure_ascii=False),
    )
    slices = [config_pb2.SlicingSpec(feature_keys=[key]) for key in slice_features]
    return config_pb2.EvalConfig(
        model_specs=[
            config_pb2.ModelSpec(
                signature_name=signature_name,
                label_key=f"mask/{task}",
                prediction_key=prediction_key,
                model_type="tf_generic",
                inference_batch_size=inference_batch_size,
            )
        ],
        slicing_specs=[config_pb2.SlicingSpec(), *slices],
        metrics_specs=[config_pb2.MetricsSpec(metrics=[metric])],
        options=config_pb2.Options(include_default_metrics={"value": False}),
    )
