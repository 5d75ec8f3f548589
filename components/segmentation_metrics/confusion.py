"""The one file of arithmetic: every number of a segmentation from its confusion matrix.

A matrix is int64 [classes, classes + 1]: rows are true classes, columns predicted
ones, and the last column holds predicted void or any other id out of range, which is
a miss. Pixels whose truth is void are in no cell. Matrices of images add up to the
matrix of a split; IoU and its kin are taken from the sum.

Per-class numbers are NaN only where the class is absent from truth and prediction
alike; means leave NaN out and are NaN where nothing is left.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

VOID_ID = 255

Matrix = npt.NDArray[np.int64]  # [classes, classes + 1]
Counts = npt.NDArray[Any]  # [..., classes]: of a matrix, or weighted by a bootstrap
PerClass = npt.NDArray[np.float64]  # [..., classes]


def confusion_matrix(
    truth: npt.ArrayLike,
    prediction: npt.ArrayLike,
    num_classes: int,
    void_id: int = VOID_ID,
) -> Matrix:
    """Counts pixels by true and predicted class.

    Args:
        truth: Class ids of any shape; `void_id` where a pixel does not count.
        prediction: Class ids of the same shape; anything outside
            0..num_classes-1 counts as a miss.
        num_classes: Number of classes, void not counted.
        void_id: The id of void in `truth`.

    Raises:
        ValueError: The shapes differ, or a true id is neither a class nor void.

    Example:
        >>> confusion_matrix([0, 1, 1, 255], [0, 1, 255, 1], num_classes=2)
        array([[1, 0, 0],
               [0, 1, 1]])
    """
    true_ids, predicted_ids = np.asarray(truth), np.asarray(prediction)
    if true_ids.shape != predicted_ids.shape:
        raise ValueError(
            f"truth and prediction must have one shape, got {true_ids.shape} and"
            f" {predicted_ids.shape}; bring the mask to the photo's size first"
        )
    counted = true_ids != void_id
    true_ids = true_ids[counted].astype(np.int64)
    predicted_ids = predicted_ids[counted].astype(np.int64)
    outside = true_ids[(true_ids < 0) | (true_ids >= num_classes)]
    if outside.size:
        raise ValueError(
            f"true ids must be below num_classes={num_classes} or void ({void_id}),"
            f" got {int(outside[0])}; check the taxonomy"
        )
    in_range = (predicted_ids >= 0) & (predicted_ids < num_classes)
    columns = np.where(in_range, predicted_ids, num_classes)
    cells = true_ids * (num_classes + 1) + columns
    counts = np.bincount(cells, minlength=num_classes * (num_classes + 1))
    return counts.reshape(num_classes, num_classes + 1).astype(np.int64)


def true_positives(matrix: Matrix) -> Matrix:
    """Pixels of each class that were predicted as it, [classes]."""
    return np.diagonal(matrix)


def true_pixels(matrix: Matrix) -> Matrix:
    """Pixels of each class in the truth, [classes]; TP + FN."""
    return matrix.sum(axis=1)


def predicted_pixels(matrix: Matrix) -> Matrix:
    """Pixels predicted as each class where truth is not void, [classes]; TP + FP."""
    return matrix[:, :-1].sum(axis=0)


class ClassPixels(NamedTuple):
    """Pixels of each class, [..., classes]: what every per-class number comes from.

    Attributes:
        hits: That were predicted right; TP.
        true_px: In the truth; TP + FN.
        predicted_px: Predicted where truth is not void; TP + FP.
    """

    hits: Counts
    true_px: Counts
    predicted_px: Counts

    def iou(self) -> PerClass:
        """TP / (TP + FP + FN) of each class."""
        return _ratio(self.hits, self.true_px + self.predicted_px - self.hits)

    def dice(self) -> PerClass:
        """2 TP / (2 TP + FP + FN) of each class."""
        return _ratio(2 * self.hits, self.true_px + self.predicted_px)

    def precision(self) -> PerClass:
        """TP / (TP + FP) of each class; 0 where a present class is never predicted."""
        return self._zero_where_present(_ratio(self.hits, self.predicted_px))

    def recall(self) -> PerClass:
        """TP / (TP + FN) of each class; 0 where a predicted class is never true."""
        return self._zero_where_present(_ratio(self.hits, self.true_px))

    def _zero_where_present(self, values: PerClass) -> PerClass:
        present = self.true_px + self.predicted_px > 0
        return np.where(present & np.isnan(values), 0.0, values)


def class_pixels(matrix: Matrix) -> ClassPixels:
    """Reads each class's pixels off a matrix, [classes]."""
    return ClassPixels(
        true_positives(matrix), true_pixels(matrix), predicted_pixels(matrix)
    )


def iou(matrix: Matrix) -> PerClass:
    """TP / (TP + FP + FN) of each class.

    Example:
        >>> iou(np.array([[6, 2, 0], [1, 3, 0]])).round(3)
        array([0.667, 0.5  ])
    """
    return class_pixels(matrix).iou()


def dice(matrix: Matrix) -> PerClass:
    """2 TP / (2 TP + FP + FN) of each class."""
    return class_pixels(matrix).dice()


def precision(matrix: Matrix) -> PerClass:
    """TP / (TP + FP) of each class; 0 where a present class is never predicted."""
    return class_pixels(matrix).precision()


def recall(matrix: Matrix) -> PerClass:
    """TP / (TP + FN) of each class; 0 where a predicted class is never true."""
    return class_pixels(matrix).recall()


def miou(matrix: Matrix) -> float:
    """Mean IoU over the classes that occur, background among them."""
    return _nan_mean(iou(matrix))


def foreground_miou(matrix: Matrix, background_id: int | None = 0) -> float:
    """Mean IoU over the classes that occur but the background.

    Args:
        matrix: The confusion matrix.
        background_id: None where the taxonomy has no background: then all classes.
    """
    values = iou(matrix)
    kept = np.arange(len(values)) != (-1 if background_id is None else background_id)
    return _nan_mean(values[kept])


def pixel_accuracy(matrix: Matrix) -> float:
    """Share of the non-void true pixels that were predicted right; NaN without any."""
    return _share(int(true_positives(matrix).sum()), int(matrix.sum()))


def all_background_accuracy(matrix: Matrix, background_id: int | None = 0) -> float:
    """Pixel accuracy of a model that says background everywhere: the one to beat.

    NaN where the taxonomy has no background (`background_id` None) or no pixel counts.
    """
    if background_id is None:
        return float("nan")
    return _share(int(true_pixels(matrix)[background_id]), int(matrix.sum()))


def image_dice(matrix: Matrix) -> PerClass:
    """Dice of each class in one image's matrix; 1 where truth and prediction are empty.

    The mean of these over images is the per-image Dice of competitions; `dice` of the
    summed matrix is another number.
    """
    return np.nan_to_num(dice(matrix), nan=1.0)


def _ratio(numerator: Counts, denominator: Counts) -> PerClass:
    out = np.full(np.shape(numerator), np.nan)
    return np.divide(numerator, denominator, out=out, where=denominator > 0)


def _nan_mean(values: PerClass) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
