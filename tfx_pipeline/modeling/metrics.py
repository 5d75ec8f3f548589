"""Mean IoU over all pixels of an epoch, from a confusion matrix kept in the graph.

The rules are those of `components/segmentation_metrics/confusion.py`; the graph needs
them in Keras operations, and a test holds the two to 1e-6.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from tfx_pipeline.modeling.losses import VOID_ID


@keras.saving.register_keras_serializable("carseg")
class ConfusionMeanIoU(keras.metrics.Metric):
    """Mean of TP / (TP + FP + FN) over the classes in truth or prediction.

    Pixels whose label is `void_id`, or no class, are not counted; a predicted id that
    is no class is a miss of the true one. NaN where no class occurs. Counts are whole
    numbers, summed over devices (64 bit; 32 on JAX unless its x64 mode is on).

    Args:
        num_classes: Classes without void.
        void_id: Label of pixels that do not count.
        left_out: A class that is counted but left out of the mean: background, for
            the foreground's mean IoU. None takes all classes.
        sparse_y_pred: Predictions are ids [batch, height, width] and not logits.
        name: Name in logs.
        **kwargs: `dtype`.

    Example:
        >>> metric = ConfusionMeanIoU(2, sparse_y_pred=True)
        >>> metric.update_state([[[0, 1, 1, 255]]], [[[0, 1, 0, 1]]])
        >>> float(metric.result())
        0.5
    """

    def __init__(
        self,
        num_classes: int,
        void_id: int = VOID_ID,
        left_out: int | None = None,
        sparse_y_pred: bool = False,
        name: str = "miou",
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        if num_classes < 2:
            raise ValueError(f"num_classes must be 2 or more, got {num_classes}")
        if left_out is not None and not 0 <= left_out < num_classes:
            raise ValueError(
                f"left_out must be a class 0..{num_classes - 1} or None, got {left_out}"
            )
        self.num_classes = num_classes
        self.void_id = void_id
        self.left_out = left_out
        self.sparse_y_pred = sparse_y_pred
        self.confusion = self.add_variable(
            shape=(num_classes, num_classes + 1),
            initializer="zeros",
            dtype="int32" if keras.config.backend() == "jax" else "int64",
            name="confusion",
        )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Adds the pixels of one batch; weights are refused, pixels count alike."""
        if sample_weight is not None:
            raise ValueError(f"{self.name} counts pixels; sample_weight must be None")
        counts = confusion_counts(
            y_true,
            y_pred if self.sparse_y_pred else ops.argmax(y_pred, axis=-1),
            self.num_classes,
            self.void_id,
        )
        self.confusion.assign_add(ops.cast(counts, self.confusion.dtype))

    def result(self) -> Any:
        """Returns the mean IoU so far, []."""
        matrix = ops.convert_to_tensor(self.confusion)
        hits = ops.diagonal(matrix[:, :-1])
        union = ops.sum(matrix, axis=1) + ops.sum(matrix[:, :-1], axis=0) - hits
        counts = union > 0
        if self.left_out is not None:
            counts = counts & (ops.arange(self.num_classes) != self.left_out)
        counts = ops.cast(counts, self.dtype)
        union = ops.cast(ops.maximum(union, ops.ones_like(union)), self.dtype)
        iou = ops.cast(hits, self.dtype) / union
        # 0 / 0 where no class occurs: NaN, as the rules want it.
        return ops.sum(iou * counts) / ops.sum(counts)

    def matrix(self) -> np.ndarray:
        """Returns the counts so far, int64 [classes, classes + 1]."""
        return ops.convert_to_numpy(self.confusion).astype(np.int64)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return super().get_config() | {
            "num_classes": self.num_classes,
            "void_id": self.void_id,
            "left_out": self.left_out,
            "sparse_y_pred": self.sparse_y_pred,
        }


def mean_iou_metrics(
    num_classes: int, background_id: int | None = 0
) -> list[ConfusionMeanIoU]:
    """Returns `miou` over all classes and `foreground_miou` without the background."""
    return [
        ConfusionMeanIoU(num_classes),
        ConfusionMeanIoU(num_classes, left_out=background_id, name="foreground_miou"),
    ]


def confusion_counts(
    truth_ids: Any, prediction_ids: Any, num_classes: int, void_id: int = VOID_ID
) -> Any:
    """Counts pixels by true and predicted class, int32 [classes, classes + 1].

    Void truth is in no cell; the last column holds predictions that are no class.
    """
    truth = ops.reshape(ops.cast(truth_ids, "int32"), (-1,))
    prediction = ops.reshape(ops.cast(prediction_ids, "int32"), (-1,))
    in_range = (prediction >= 0) & (prediction < num_classes)
    column = ops.where(in_range, prediction, num_classes)
    counted = (truth >= 0) & (truth < num_classes) & (truth != void_id)
    cells = num_classes * (num_classes + 1)
    # One more cell takes what is not counted, and is cut off.
    cell = ops.where(counted, truth * (num_classes + 1) + column, cells)
    counts = ops.segment_sum(ops.ones_like(cell), cell, num_segments=cells + 1)
    return ops.reshape(counts[:-1], (num_classes, num_classes + 1))
