"""How far masks overlap, from sums: IoU, Dice, accuracy of classes or groups of them.

The formulas are those of `confusion`, with leading axes: a bootstrap takes the numbers
from hundreds of replicates at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from components.segmentation_metrics import confusion
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.foreground import foreground_ids
from components.segmentation_metrics.measure import PhotoMasks, Sums, nan_mean, ratio


@dataclass(frozen=True, kw_only=True)
class OverlapMeasure:
    """IoU and its kin over a split, and Dice of single photos.

    Attributes:
        classes: Classes of the masks.
        rest_id: The class of what is on the object but is no named part of it; with it
            there is a number over the named parts alone. None where there is none.
    """

    classes: ClassNames
    rest_id: int | None = None

    def __post_init__(self) -> None:
        count = len(self.classes.names)
        if self.rest_id is not None and not 0 <= self.rest_id < count:
            raise ValueError(
                f"rest_id must be a class id, 0..{count - 1}, got {self.rest_id}; leave"
                " it None where no class means the rest"
            )

    @property
    def name(self) -> str:
        """Of the family."""
        return "overlap"

    @property
    def size(self) -> int:
        """Four sums of each class, last the photos."""
        return 4 * len(self.classes.names) + 1

    def of_photo(self, photo: PhotoMasks) -> Sums:
        """Counts one photo's pixels by class, [size].

        Raises:
            ValueError: A true id is unknown.
        """
        matrix = photo.matrix(self.classes)
        table = np.stack(
            [*confusion.class_pixels(matrix), confusion.image_dice(matrix)],
            dtype=np.float64,
        )
        return np.append(table, 1.0)

    def numbers(self, sums: Sums) -> Mapping[str, Sums]:
        """Returns every number by name.

        `image_dice` is the mean over photos, 1 for one where the class is on neither
        side; `mean_image_dice` is its mean over the foreground, Carvana's score on
        Kaggle. In `fw_iou` a class weighs as much as its share of the true pixels.
        `foreground_accuracy` is the share of the foreground's true pixels that were
        predicted right, `parts_accuracy` the same without the rest.
        """
        *table, image_dice = np.moveaxis(self._by_class(sums), -2, 0)
        pixels = confusion.ClassPixels(*table)
        columns = {
            "iou": pixels.iou(),
            "dice": pixels.dice(),
            "precision": pixels.precision(),
            "recall": pixels.recall(),
            "image_dice": ratio(image_dice, sums[..., -1:]),
        }
        return {
            **self._over_classes(pixels, columns["image_dice"]),
            **{
                f"{label}/{name}": values[..., class_id]
                for label, values in columns.items()
                for class_id, name in enumerate(self.classes.names)
            },
        }

    def _over_classes(
        self, pixels: confusion.ClassPixels, image_dice: Sums
    ) -> dict[str, Sums]:
        foreground = foreground_ids(self.classes)
        iou = pixels.iou()
        weighted = np.nan_to_num(iou, nan=0.0) * pixels.true_px
        numbers = {
            "miou": nan_mean(iou),
            "foreground_miou": nan_mean(iou[..., foreground]),
            "pixel_accuracy": _accuracy(pixels, range(len(self.classes.names))),
            "mean_image_dice": nan_mean(image_dice[..., foreground]),
            "fw_iou": ratio(weighted.sum(-1), pixels.true_px.sum(-1)),
            "foreground_accuracy": _accuracy(pixels, foreground),
        }
        if self.rest_id is not None:
            parts = [key for key in foreground if key != self.rest_id]
            numbers["parts_accuracy"] = _accuracy(pixels, parts)
        return numbers

    def _by_class(self, sums: Sums) -> Sums:
        return sums[..., :-1].reshape(*sums.shape[:-1], 4, len(self.classes.names))


def _accuracy(pixels: confusion.ClassPixels, class_ids: Iterable[int]) -> Sums:
    ids = list(class_ids)
    return ratio(pixels.hits[..., ids].sum(-1), pixels.true_px[..., ids].sum(-1))
