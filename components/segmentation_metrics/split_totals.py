"""What the gate asks of a split's masks, beside the measures: how the model behaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from components.segmentation_metrics import confusion
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.sameness import IdRange


@dataclass
class SplitTotals:
    """Totals of any number of photos, none to begin with.

    Attributes:
        classes: The classes that the masks hold.
        matrix: Sum of the photos' confusion matrices.
        examples: Number of photos.
        predicted: Pixels of each class anywhere, also where the truth is void, and
            last those of no class, [classes + 1].
        single_class_truths: Photos whose true mask holds one class at most.
        single_class_predictions: Photos whose predicted mask holds one id.
        true_range: Ids that each cell of the grid had in true masks.
        predicted_range: The same of predicted masks.
    """

    classes: ClassNames
    matrix: confusion.Matrix = field(init=False)
    predicted: npt.NDArray[np.int64] = field(init=False)
    examples: int = 0
    single_class_truths: int = 0
    single_class_predictions: int = 0
    true_range: IdRange = field(default_factory=IdRange)
    predicted_range: IdRange = field(default_factory=IdRange)

    def __post_init__(self) -> None:
        count = len(self.classes.names)
        self.matrix = np.zeros((count, count + 1), np.int64)
        self.predicted = np.zeros(count + 1, np.int64)

    @classmethod
    def of_photo(cls, photo: PhotoMasks, classes: ClassNames) -> SplitTotals:
        """Measures one photo's masks.

        Raises:
            ValueError: A true id is unknown.
        """
        totals = cls(classes)
        count = len(classes.names)
        totals.matrix = photo.matrix(classes)
        ids = np.bincount(photo.prediction.reshape(-1), minlength=256)
        totals.predicted = np.append(ids[:count], ids[count:].sum())
        totals.examples = 1
        present = confusion.true_pixels(totals.matrix) > 0
        totals.single_class_truths = int(present.sum() <= 1)
        totals.single_class_predictions = int((ids > 0).sum() <= 1)
        totals.true_range.add(photo.truth)
        totals.predicted_range.add(photo.prediction)
        return totals

    @classmethod
    def merge(cls, parts: Iterable[SplitTotals], classes: ClassNames) -> SplitTotals:
        """Adds totals; the order does not matter, and no part gives empty totals."""
        listed = list(parts)
        merged = cls(classes)
        for part in listed:
            merged.matrix = merged.matrix + part.matrix
            merged.predicted = merged.predicted + part.predicted
            merged.examples += part.examples
            merged.single_class_truths += part.single_class_truths
            merged.single_class_predictions += part.single_class_predictions
        merged.true_range = IdRange.merge(part.true_range for part in listed)
        merged.predicted_range = IdRange.merge(part.predicted_range for part in listed)
        return merged

    def numbers(self) -> dict[str, float]:
        """Returns every number by name; NaN where it has no meaning."""
        return {
            "examples": float(self.examples),
            "all_background_accuracy": confusion.all_background_accuracy(
                self.matrix, self.classes.background_id
            ),
            **self._of_predictions(),
        }

    def _of_predictions(self) -> dict[str, float]:
        """What the gate asks of the model's behaviour, whatever its score."""
        background_id = self.classes.background_id
        true_px, whole = confusion.true_pixels(self.matrix), int(self.matrix.sum())
        if background_id is None:
            true_foreground = predicted_foreground = predicted_background = np.nan
        else:
            true_foreground = float(whole - true_px[background_id])
            pixels = int(self.predicted.sum())
            background = int(self.predicted[background_id])
            predicted_foreground = float(pixels - background)
            predicted_background = background / pixels if pixels else np.nan
        return {
            "true_foreground_px": true_foreground,
            "predicted_foreground_px": predicted_foreground,
            "predicted_background_share": predicted_background,
            "predicted_classes": float((self.predicted > 0).sum()),
            "true_classes": float((true_px > 0).sum()),
            "single_class_truths": float(self.single_class_truths),
            "single_class_predictions": float(self.single_class_predictions),
            "true_sameness": self.true_range.sameness(background_id),
            "predicted_sameness": self.predicted_range.sameness(background_id),
        }
