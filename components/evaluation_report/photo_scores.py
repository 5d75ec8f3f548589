"""How well each test photo was segmented, and which ones are worth a look."""

from __future__ import annotations

import json
import math
from array import array
from dataclasses import dataclass, field

import numpy as np

from components.dataset_auditor.example_reader import (
    first_bytes,
    first_text,
    read_example,
)
from components.dataset_auditor.record_audit import record_key
from components.evaluation_report.photo_slices import PhotoSlices
from components.segmentation_metrics import confusion
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.mask_png import decode_mask_png


@dataclass(frozen=True, kw_only=True)
class PhotoScore:
    """One photo's confusion matrix.

    Attributes:
        record_key: Hash of the record, by which the next pass finds it again.
        example_id: Its name for people.
        matrix: Confusion matrix of its pixels.
        foreground_miou: Over its classes but the background; NaN where it has none.
        slices: Indices of the slices that it belongs to.
    """

    record_key: str
    example_id: str
    matrix: confusion.Matrix
    foreground_miou: float = math.nan
    slices: tuple[int, ...] = ()

    def to_json(self) -> str:
        """Returns one line; the inverse of `from_json`."""
        return json.dumps(
            [
                self.record_key,
                self.example_id,
                self.matrix.tolist(),
                self.foreground_miou,
                self.slices,
            ]
        )

    @classmethod
    def from_json(cls, line: str) -> PhotoScore:
        """Reads a line."""
        key, example_id, matrix, foreground_miou, slices = json.loads(line)
        return cls(
            record_key=key,
            example_id=example_id,
            matrix=np.array(matrix, np.int64),
            foreground_miou=foreground_miou,
            slices=tuple(slices),
        )


def score_photo(
    serialized: bytes,
    predicted_png: bytes,
    *,
    task: str,
    classes: ClassNames,
    slices: PhotoSlices | None = None,
) -> PhotoScore:
    """Compares the photo's true mask with the predicted one.

    Args:
        serialized: The record.
        predicted_png: The predicted mask.
        task: The true mask is the feature `mask/<task>`.
        classes: Classes of the masks.
        slices: Slices that are asked about; None asks about none.

    Raises:
        ValueError: A mask is missing, damaged or of another size.
    """
    features = read_example(serialized)
    truth = decode_mask_png(first_bytes(features, f"mask/{task}") or b"", "true mask")
    predicted = decode_mask_png(predicted_png, "predicted mask")
    matrix = confusion.confusion_matrix(
        truth, predicted, len(classes.names), classes.void_id
    )
    return PhotoScore(
        record_key=record_key(serialized),
        example_id=first_text(features, "example_id"),
        matrix=matrix,
        foreground_miou=confusion.foreground_miou(matrix, classes.background_id),
        slices=slices.of_record(serialized) if slices else (),
    )


@dataclass(frozen=True, kw_only=True, order=True)
class Candidate:
    """A photo that shows a class or is in a slice, sorted worst first.

    Attributes:
        iou: Of the class in this photo alone; of a slice its foreground mIoU.
        fewer_errors: Minus the number of wrong pixels: more of them come first.
        example_id: Its name for people.
        record_key: Its record.
        is_true: Whether the class is in the true mask, not in the prediction alone.
    """

    iou: float
    fewer_errors: int
    example_id: str
    record_key: str
    is_true: bool = field(compare=False)


@dataclass
class _Column:
    """Numbers of the photos of one class or slice, as plain arrays."""

    iou: array[float] = field(default_factory=lambda: array("d"))
    wrong_px: array[int] = field(default_factory=lambda: array("q"))
    photo: array[int] = field(default_factory=lambda: array("q"))
    is_true: bytearray = field(default_factory=bytearray)

    def append(self, iou: float, wrong_px: int, photo: int, is_true: bool) -> None:
        """Takes in a photo's numbers."""
        self.iou.append(iou)
        self.wrong_px.append(wrong_px)
        self.photo.append(photo)
        self.is_true.append(is_true)


@dataclass
class ScoreBook:
    """Grows by about 200 bytes per photo and 25 per class that occurs in it.

    Attributes:
        num_classes: Classes of the task.
        matrix: Sum over the photos.
    """

    num_classes: int
    matrix: confusion.Matrix = field(init=False)
    _names: list[tuple[str, str]] = field(default_factory=list)
    _columns: dict[int, _Column] = field(default_factory=dict)
    _slices: dict[int, _Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.matrix = np.zeros((self.num_classes, self.num_classes + 1), np.int64)

    @property
    def examples(self) -> int:
        """Number of photos."""
        return len(self._names)

    def add(self, photo: PhotoScore) -> None:
        """Takes one photo in; the order does not matter."""
        true_px = confusion.true_pixels(photo.matrix)
        predicted_px = confusion.predicted_pixels(photo.matrix)
        wrong_px = true_px + predicted_px - 2 * confusion.true_positives(photo.matrix)
        for class_id, iou in enumerate(confusion.iou(photo.matrix)):
            if not np.isnan(iou):
                column = self._columns.setdefault(class_id, _Column())
                column.append(
                    iou, int(wrong_px[class_id]), self.examples, bool(true_px[class_id])
                )
        self._add_to_slices(photo)
        self.matrix += photo.matrix
        self._names.append((photo.record_key, photo.example_id))

    def candidates(self, class_id: int) -> list[Candidate]:
        """Returns the photos where the class occurs, worst first."""
        return self._sorted(self._columns.get(class_id, _Column()))

    def slice_candidates(self, index: int) -> list[Candidate]:
        """Returns the photos of a slice that have a foreground mIoU, worst first."""
        return self._sorted(self._slices.get(index, _Column()))

    def _add_to_slices(self, photo: PhotoScore) -> None:
        if math.isnan(photo.foreground_miou):
            return
        right_px = int(confusion.true_positives(photo.matrix).sum())
        wrong_px = int(photo.matrix.sum()) - right_px
        for index in photo.slices:
            column = self._slices.setdefault(index, _Column())
            column.append(photo.foreground_miou, wrong_px, self.examples, True)

    def _sorted(self, column: _Column) -> list[Candidate]:
        rows = zip(
            column.iou, column.wrong_px, column.photo, column.is_true, strict=True
        )
        return sorted(
            Candidate(
                iou=iou,
                fewer_errors=-wrong_px,
                example_id=self._names[photo][1],
                record_key=self._names[photo][0],
                is_true=bool(is_true),
            )
            for iou, wrong_px, photo, is_true in rows
        )
