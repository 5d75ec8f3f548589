import json

import pytest

from components.segmentation_metrics.corruption import Corruption
from components.segmentation_metrics.eval_config import eval_config

TAXONOMY = {"classes": [{"id": 0, "name": "Straße"}], "background_id": None}


def make(**changes):
    return eval_config(task="car", taxonomy=TAXONOMY, **changes)


def test_all_photos_and_every_feature_alone_are_slices():
    slices = [list(part.feature_keys) for part in make().slicing_specs]
    assert slices == [[], ["view"], ["domain"], ["source"]]
    (whole,) = make(slice_features=[]).slicing_specs
    assert not whole.feature_keys


def test_the_model_is_asked_by_signature_in_bounded_batches():
    (spec,) = make(signature_name="records", inference_batch_size=7).model_specs
    assert (spec.signature_name, spec.inference_batch_size) == ("records", 7)
    assert (spec.label_key, spec.prediction_key) == ("mask/car", "mask_png_bytes")


def test_one_metric_knows_task_and_taxonomy_and_nothing_is_decided():
    (metrics,) = make(
        prediction_key="png",
        rest_class="car",
        replicates=100,
        corruptions=[Corruption("blur", 3)],
        code_fingerprint="ab",
    ).metrics_specs
    (metric,) = metrics.metrics
    assert json.loads(metric.config) == {
        "task": "car",
        "taxonomy": TAXONOMY,
        "prediction_key": "png",
        "rest_class": "car",
        "replicates": 100,
        "corruptions": [["blur", 3]],
        "code_fingerprint": "ab",
    }
    assert not metric.HasField("threshold") and not metrics.thresholds


def test_a_batch_below_one_is_refused():
    with pytest.raises(ValueError, match="inference_batch_size must be at least 1, go"):
        make(inference_batch_size=0)
