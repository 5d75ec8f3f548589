"""How well each test photo was segmented, and which ones are worth a look."""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass, field

import numpy as np

from components.dataset_auditor.example_reader import (
    first_bytes,
    first_text,
    read_example,
)
from components.dataset_auditor.record_audit import record_key
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
    """

    record_key: str
    example_id: str
    matrix: confusion.Matrix

    def to_json(self) -> str:
        """Returns one line; the inverse of `from_json`."""
        return json.dumps([self.record_key, self.example_id, self.matrix.tolist()])

    @classmethod
    def from_json(cls, line: str) -> PhotoScore:
        """Reads a line."""
        key, example_id, matrix = json.loads(line)
        return cls(
            record_key=key, example_id=example_id, matrix=np.array(matrix, np.int64)
        )


def score_photo(
    serialized: bytes, predicted_png: bytes, *, task: str, classes: ClassNames
) -> PhotoScore:
    """Compares the photo's true mask with the predicted one.

    Raises:
        ValueError: A mask is missing, damaged or of another size.
    """
    features = read_example(serialized)
    truth = decode_mask_png(first_bytes(features, f"mask/{task}") or b"", "true mask")
    predicted = decode_mask_png(predicted_png, "predicted mask")
    return PhotoScore(
        record_key=record_key(serialized),
        example_id=first_text(features, "example_id"),
        matrix=confusion.confusion_matrix(
            truth, predicted, len(classes.names), classes.void_id
        ),
    )


@dataclass(frozen=True, kw_only=True, order=True)
class Candidate:
    """A photo that shows a class, sorted worst first.

    Attributes:
        iou: Of the class, in this photo alone.
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
    """One class's numbers in the photos where it occurs, as plain arrays."""

    iou: array[float] = field(default_factory=lambda: array("d"))
    wrong_px: array[int] = field(default_factory=lambda: array("q"))
    photo: array[int] = field(default_factory=lambda: array("q"))
    is_true: bytearray = field(default_factory=bytearray)


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
                column.iou.append(iou)
                column.wrong_px.append(int(wrong_px[class_id]))
                column.photo.append(self.examples)
                column.is_true.append(bool(true_px[class_id]))
        self.matrix += photo.matrix
        self._names.append((photo.record_key, photo.example_id))

    def candidates(self, class_id: int) -> list[Candidate]:
        """Returns the photos where the class occurs, worst first."""
        column = self._columns.get(class_id, _Column())
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
