"""The temperature: what logits are divided by, so that scores say how often they hold.

Guo et al., 2017 (https://arxiv.org/abs/1706.04599). One number cannot change which
class has the highest score, so masks stay as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

Logits = npt.NDArray[np.float32]  # [pixels, classes]
ClassIds = npt.NDArray[np.uint8]  # [pixels]

# Without a single mistake a lower temperature is always better: a small eval split must
# not make a model certain of everything.
LOWEST, HIGHEST = 0.25, 10.0
BINS = 15
_HALVINGS = 24  # of ln 40, the width of the range: 2e-7 of the temperature
_CHUNK_ROWS = 1 << 13  # 1 MB with nineteen classes: it stays in the cache


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A temperature, and how true the scores were and are; nan where nothing counted.

    Attributes:
        temperature: `LOWEST`..`HIGHEST`; above 1 for a model that was too certain.
        nll_before: Mean negative log-likelihood of the true classes, in nats.
        nll_after: The same of logits / `temperature`.
        ece_before: Expected calibration error of the highest scores, 0..1: their
            distance from the share that is right, over `BINS` equal bins.
        ece_after: The same of logits / `temperature`.
        pixels: That counted: labelled, with finite logits.
    """

    temperature: float
    nll_before: float
    nll_after: float
    ece_before: float
    ece_after: float
    pixels: int

    def to_dict(self) -> dict[str, float | None]:
        """Returns the JSON form; what is no number becomes null."""
        return {
            name: value if math.isfinite(value) else None
            for name, value in asdict(self).items()
        }


def fit_temperature(logits: Logits, class_ids: ClassIds) -> Calibration:
    """Returns the temperature under which the true classes are the most likely.

    Args:
        logits: [pixels, classes]; a row that is not finite does not count.
        class_ids: [pixels]; an id that is no class, such as void, does not count.
    """
    counts = np.isfinite(logits).all(axis=1) & (class_ids < logits.shape[1])
    logits, class_ids = logits[counts], class_ids[counts]
    temperature = _best_temperature(logits, class_ids)
    return Calibration(
        temperature=temperature,
        nll_before=mean_nll(logits, class_ids, 1.0),
        nll_after=mean_nll(logits, class_ids, temperature),
        ece_before=calibration_error(logits, class_ids, 1.0),
        ece_after=calibration_error(logits, class_ids, temperature),
        pixels=len(class_ids),
    )


def mean_nll(logits: Logits, class_ids: ClassIds, temperature: float) -> float:
    """Returns the mean -log of the true classes' scores; nan without pixels."""
    if not len(class_ids):
        return math.nan
    total = 0.0
    for shifted, true in _chunks(logits, class_ids):
        scaled = shifted / temperature
        total += float(np.log(np.exp(scaled).sum(axis=0)).sum())
        total -= float(scaled[true, np.arange(len(true))].sum())
    return total / len(class_ids)


def calibration_error(logits: Logits, class_ids: ClassIds, temperature: float) -> float:
    """Returns the expected calibration error of the highest scores; nan without pixels.

    Bins are equal in (0, 1], each with its upper edge, and weigh as many pixels as lie
    in them.
    """
    if not len(class_ids):
        return math.nan
    gaps = np.zeros(BINS)  # sum of scores minus number of hits
    for shifted, true in _chunks(logits, class_ids):
        # The highest shifted logit is 0, and its exponential 1.
        scores = 1 / np.exp(shifted / temperature).sum(axis=0)
        hits = shifted.argmax(axis=0) == true
        bins = np.ceil(scores * BINS).astype(np.int64) - 1
        gaps += np.bincount(bins, weights=scores - hits, minlength=BINS)
    return float(np.abs(gaps).sum()) / len(class_ids)


def _best_temperature(logits: Logits, class_ids: ClassIds) -> float:
    # Whatever the logits are divided by, nothing changes: there is one class, or the
    # scores know nothing, or they are all but 1 and right.
    if _slope(logits, class_ids, 1.0) == 0:
        return 1.0
    # The mean is convex in 1 / temperature, so its slope has one sign on each side of
    # the best; by halves it is found also where Newton's steps lead astray.
    low, high = math.log(LOWEST), math.log(HIGHEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _slope(logits, class_ids, math.exp(-middle)) > 0:
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 2)


def _slope(logits: Logits, class_ids: ClassIds, factor: float) -> float:
    """Returns how the summed negative log-likelihood grows with the logits' `factor`.

    By each pixel's logit that the scores expect, less the one of its true class.
    """
    total = 0.0
    for shifted, true in _chunks(logits, class_ids):
        exps = np.exp(shifted * factor)
        expected = (exps * shifted).sum(axis=0) / exps.sum(axis=0)
        total += float((expected - shifted[true, np.arange(len(true))]).sum())
    return total


def _chunks(
    logits: Logits, class_ids: ClassIds
) -> Iterator[tuple[npt.NDArray[np.float64], ClassIds]]:
    """Yields logits [classes, n], shifted so that a pixel's highest is 0, and true ids.

    Classes come first because sums over two or nineteen neighbours are slow.
    """
    for start in range(0, len(class_ids), _CHUNK_ROWS):
        rows = slice(start, start + _CHUNK_ROWS)
        exact = np.array(logits[rows].T, np.float64, order="C")
        yield exact - exact.max(axis=0), class_ids[rows]
