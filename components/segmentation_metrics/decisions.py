"""What thresholds would decide: which photos without a person, and how often wrongly.

A photo is decided by itself if the served `confidence` reaches a threshold, and says
"something is there" if enough of it is predicted as foreground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from components.segmentation_metrics.class_crops import has_truth
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.foreground import foreground_ids
from components.segmentation_metrics.mask_png import MaskIds
from components.segmentation_metrics.measure import PhotoMasks, Sums, ratio
from components.segmentation_metrics.number_kinds import CONFIDENCE_STEPS

FULL_BYTE = 255  # stands for a confidence of 1


class Outcomes(NamedTuple):
    """Photos decided by themselves, [..., confidence steps, area steps] each.

    Attributes:
        missed: Something is there, nothing was said.
        false_alarms: Nothing is there, something was said.
        found: Something is there and was said.
        cleared: Nothing is there and nothing was said.
        photos: All, also those left to a person; [...].
    """

    missed: Sums
    false_alarms: Sums
    found: Sums
    cleared: Sums
    photos: Sums

    def automatic(self) -> Sums:
        """Returns the photos that no person needs to see."""
        return self.missed + self.false_alarms + self.found + self.cleared


@dataclass(frozen=True, kw_only=True)
class DecisionMeasure:
    """Photos decided right, decided wrongly and left to a person, by thresholds.

    Photos whose truth is void throughout do not count: nobody knows what is there.

    Attributes:
        classes: Classes of the masks; without a background something is always there.
        confidence_steps: Thresholds of the photo's confidence, rising; at or above one
            it is decided without a person.
        area_steps: Thresholds of the predicted foreground's share, rising; above one
            something is said to be there.
    """

    classes: ClassNames
    confidence_steps: tuple[float, ...] = CONFIDENCE_STEPS
    area_steps: tuple[float, ...] = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)

    def __post_init__(self) -> None:
        for field in ("confidence_steps", "area_steps"):
            steps = getattr(self, field)
            rising = all(0 <= step <= 1 for step in steps) and (
                list(steps) == sorted(set(steps))
            )
            if not steps or not rising:
                raise ValueError(
                    f"{field} must be rising numbers of 0..1, got {list(steps)}; sort"
                    " them, each once"
                )

    @property
    def name(self) -> str:
        """Of the family."""
        return "decisions"

    @property
    def size(self) -> int:
        """Four counts of each pair of thresholds, last the photos."""
        return 4 * len(self.confidence_steps) * len(self.area_steps) + 1

    def of_photo(self, photo: PhotoMasks) -> Sums:
        """Says for each pair of thresholds what would happen, [size] of 0 and 1."""
        if not has_truth(photo, self.classes.void_id):
            return np.zeros(self.size)
        is_there = bool(self._is_foreground(photo.truth).any())
        is_said = self._foreground_share(photo) > np.array(self.area_steps)
        is_automatic = self._confidence(photo) >= np.array(self.confidence_steps)
        outcomes = np.stack(
            [
                is_there & ~is_said,
                (not is_there) & is_said,
                is_there & is_said,
                (not is_there) & ~is_said,
            ]
        )
        table = outcomes[:, np.newaxis, :] & is_automatic[:, np.newaxis]
        return np.append(table.astype(np.float64), 1.0)

    def numbers(self, sums: Sums) -> Mapping[str, Sums]:
        """Returns shares of all photos by confidence threshold: `missed_share/0.9`.

        They hold for the first threshold of the area; `decision_table` has all.
        """
        outcomes = self.outcomes(sums)
        columns = {
            "auto_share": outcomes.automatic(),
            "missed_share": outcomes.missed,
            "false_alarm_share": outcomes.false_alarms,
        }
        return {
            f"{label}/{step:g}": ratio(values[..., index, 0], outcomes.photos)
            for label, values in columns.items()
            for index, step in enumerate(self.confidence_steps)
        }

    def outcomes(self, sums: Sums) -> Outcomes:
        """Reads the counts from sums."""
        shape = (4, len(self.confidence_steps), len(self.area_steps))
        table = sums[..., :-1].reshape(*sums.shape[:-1], *shape)
        missed, false_alarms, found, cleared = np.moveaxis(table, -3, 0)
        return Outcomes(missed, false_alarms, found, cleared, sums[..., -1])

    def _foreground_share(self, photo: PhotoMasks) -> float:
        counted = photo.truth != self.classes.void_id
        said = np.count_nonzero(self._is_foreground(photo.prediction) & counted)
        return said / np.count_nonzero(counted)

    def _confidence(self, photo: PhotoMasks) -> float:
        if photo.confidence is None:
            return 1.0
        return photo_confidence(photo.confidence, self._is_foreground(photo.prediction))

    def _is_foreground(self, mask: MaskIds) -> npt.NDArray[np.bool_]:
        table = np.zeros(256, np.bool_)
        table[foreground_ids(self.classes)] = True
        return np.take(table, mask)


# A threshold is chosen here and applied to what the server answers, which knows nothing
# of void: so void pixels count in this one number.
def photo_confidence(
    confidence: npt.NDArray[np.uint8], is_foreground: npt.NDArray[np.bool_]
) -> float:
    """Returns what the served model would answer as `confidence` of the photo.

    The mean over the pixels predicted as foreground, or over all where none is.

    Args:
        confidence: Score of each pixel, 255 for 1.
        is_foreground: Where the prediction is foreground.

    Example:
        >>> photo_confidence(np.uint8([[255, 51]]), np.array([[False, True]]))
        0.2
    """
    pixels = confidence[is_foreground] if is_foreground.any() else confidence
    return int(pixels.sum(dtype=np.int64)) / (FULL_BYTE * pixels.size)
