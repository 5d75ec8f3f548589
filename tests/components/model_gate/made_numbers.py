"""Numbers made by hand, as the evaluation would hold them."""

import numpy as np

from components.model_gate.measurements import Baseline, MeanMask
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.measurement import Measuring
from components.segmentation_metrics.standard_measures import standard_measures

NAMES = ("background", "car", "wheel")
CLASSES = ClassNames(names=NAMES, background_id=0)
MEASURING = Measuring(
    classes=CLASSES, measures=standard_measures(CLASSES, replicates=0)
)
MEAN_MASK = MeanMask(foreground_miou=0.30, train_examples=9, test_examples=8)
NO_FOREGROUND = MeanMask(
    foreground_miou=float("nan"), train_examples=9, test_examples=8
)
FIRST_RUN = Baseline(None, "No model is live yet.")

GOOD = {
    "examples": 8.0,
    "miou": 0.80,
    "foreground_miou": 0.75,
    "pixel_accuracy": 0.97,
    "iou/background": 0.95,
    "iou/car": 0.85,
    "iou/wheel": 0.60,
    "true_foreground_px": 1000.0,
    "predicted_foreground_px": 990.0,
    "single_class_truths": 0.0,
    "single_class_predictions": 0.0,
    "true_sameness": 0.1,
    "predicted_sameness": 0.12,
}


def numbers(slices=None, **changes):
    renamed = {name.replace("__", "/"): value for name, value in changes.items()}
    return {(): GOOD | renamed, **(slices or {})}


def street(seed):
    """A true mask of 98 % background, a car and its wheel somewhere."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((100, 100), np.uint8)
    top, left = rng.integers(0, 90), rng.integers(0, 80)
    mask[top : top + 10, left : left + 20] = 1
    mask[top : top + 3, left : left + 3] = 2
    return mask


def only_car(seed):
    return np.minimum(street(seed), 1)


def measured(predict, draw=street):
    """The evaluation of a model that turns the true mask into its prediction."""
    total = MEASURING.nothing()
    for seed in range(8):
        truth = draw(seed)
        photo = PhotoMasks(truth=truth, prediction=predict(truth))
        total.add(MEASURING.of_photo(photo, f"car {seed}".encode()))
    return {(): total.numbers()}
