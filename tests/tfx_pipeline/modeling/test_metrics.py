"""The metric in the graph, the shared arithmetic and plain loops agree to 1e-6."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from components.segmentation_metrics.confusion import (
    confusion_matrix,
    foreground_miou,
    miou,
)
from tests.tfx_pipeline.modeling.oracle import class_ious
from tfx_pipeline.modeling.metrics import ConfusionMeanIoU, mean_iou_metrics

CLASSES = 5


def drawn(seed: int, absent: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """True and predicted ids [3, 7, 9]; both hold void, neither the absent classes."""
    rng = np.random.default_rng(seed)
    ids = [id_ for id_ in (*range(CLASSES), 255) if id_ not in absent]
    truth, prediction = rng.choice(ids, (2, 3, 7, 9))
    return truth, np.where(rng.random(truth.shape) < 0.5, truth, prediction)


def nan_mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("absent", [(), (2,), (0, 4)], ids=["all", "no_2", "no_0_4"])
def test_metric_arithmetic_and_loops_agree(seed: int, absent: tuple[int, ...]) -> None:
    truth, prediction = drawn(seed, absent)
    whole = ConfusionMeanIoU(CLASSES, sparse_y_pred=True)
    foreground = ConfusionMeanIoU(CLASSES, left_out=0, sparse_y_pred=True)
    for image in range(3):
        whole.update_state(truth[image : image + 1], prediction[image : image + 1])
        foreground.update_state(truth[image], prediction[image])
    matrix = confusion_matrix(truth, prediction, CLASSES)
    ious = class_ious(truth, prediction, CLASSES)

    np.testing.assert_array_equal(whole.matrix(), matrix)
    assert float(whole.result()) == pytest.approx(nan_mean(ious), abs=1e-6)
    assert float(whole.result()) == pytest.approx(miou(matrix), abs=1e-6)
    assert float(foreground.result()) == pytest.approx(nan_mean(ious[1:]), abs=1e-6)
    assert float(foreground.result()) == pytest.approx(
        foreground_miou(matrix), abs=1e-6
    )


def test_logits_count_as_their_argmax() -> None:
    truth, _ = drawn(4, ())
    logits = np.random.default_rng(4).normal(size=(*truth.shape, CLASSES))
    metric = ConfusionMeanIoU(CLASSES)

    metric.update_state(truth.astype(np.uint8), logits.astype(np.float32))

    expected = confusion_matrix(truth, logits.argmax(-1), CLASSES)
    np.testing.assert_array_equal(metric.matrix(), expected)


def test_an_iou_worked_out_on_paper_with_a_predicted_void() -> None:
    metric = ConfusionMeanIoU(2, sparse_y_pred=True)

    metric.update_state([[[0, 0, 1, 1, 255]]], [[[0, 1, 1, 255, 0]]])

    # Class 0: 1 of {hit, miss}. Class 1: 1 of {hit, false alarm, void as a miss}.
    assert float(metric.result()) == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert metric.matrix().tolist() == [[1, 1, 0], [0, 1, 1]]


def test_no_labelled_pixel_is_nan_and_a_reset_starts_anew() -> None:
    metric = ConfusionMeanIoU(2, sparse_y_pred=True)
    metric.update_state([[[255]]], [[[1]]])
    assert math.isnan(float(metric.result()))

    metric.update_state([[[1]]], [[[1]]])
    assert float(metric.result()) == 1.0

    metric.reset_state()
    assert metric.matrix().sum() == 0


def test_counts_beyond_the_precision_of_floats_are_kept() -> None:
    metric = ConfusionMeanIoU(2, sparse_y_pred=True)
    metric.confusion.assign([[2**40, 0, 0], [0, 1, 0]])

    metric.update_state([[[0, 0, 0]]], [[[0, 0, 0]]])

    assert metric.matrix()[0, 0] == 2**40 + 3


def test_replicas_of_a_strategy_add_their_counts() -> None:
    truth, prediction = drawn(8, ())
    devices = tf.config.list_logical_devices("CPU")
    strategy = tf.distribute.MirroredStrategy([device.name for device in devices])
    with strategy.scope():
        metric = ConfusionMeanIoU(CLASSES, sparse_y_pred=True)

    strategy.run(metric.update_state, (tf.constant(truth), tf.constant(prediction)))

    expected = confusion_matrix(truth, prediction, CLASSES) * len(devices)
    np.testing.assert_array_equal(metric.matrix(), expected)


def test_a_model_logs_both_by_their_names() -> None:
    model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Conv2D(3, 1)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(loss=loss, metrics=mean_iou_metrics(3), run_eagerly=True)
    pixels = np.random.default_rng(0).normal(size=(2, 4, 4, 3)).astype(np.float32)
    truth = np.random.default_rng(1).integers(0, 3, (2, 4, 4))

    logs = model.evaluate(pixels, truth, verbose=0, return_dict=True)

    matrix = confusion_matrix(truth, model.predict(pixels, verbose=0).argmax(-1), 3)
    assert logs["miou"] == pytest.approx(miou(matrix), abs=1e-6)
    assert logs["foreground_miou"] == pytest.approx(foreground_miou(matrix), abs=1e-6)


def test_sample_weights_are_refused() -> None:
    metric = ConfusionMeanIoU(2, sparse_y_pred=True)

    with pytest.raises(ValueError, match="counts pixels; sample_weight must be None"):
        metric.update_state([[[1]]], [[[1]]], sample_weight=[2.0])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"num_classes": 1}, "2 or more, got 1"),
        ({"num_classes": 3, "left_out": 3}, r"a class 0\.\.2 or None, got 3"),
    ],
)
def test_impossible_arguments_are_refused(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ConfusionMeanIoU(**arguments)
