"""The submission: written row by row, then read back and decoded from the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
import numpy.typing as npt

from components.bulk_inference.part_file import PhotoEntry
from tfds_builders.carvana.mask_table import HEADER
from tfds_builders.carvana.row_runs import decode_runs
from tfx_pipeline.cli.bulk_folder import staged
from tfx_pipeline.cli.submit_rows import HEIGHT_PX, WIDTH_PX, mask_digest
from tfx_pipeline.cli.submit_sample import sample_names
from tfx_pipeline.cli.submit_truth import dice, read_truth

Entries = Callable[[], Iterable[PhotoEntry]]
_NO_CAR = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
_NO_CAR_DIGEST = mask_digest(_NO_CAR)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What was written.

    Attributes:
        rows: Photos.
        mean_dice: Of the rows whose truth is there; None where there is none.
        dice_photos: How many these are.
    """

    rows: int
    mean_dice: float | None
    dice_photos: int


def write_submission(
    out: Path, entries: Entries, sample: Path, truth: Path | None
) -> Submission:
    """Writes all rows; the file is there only if it is right.

    Args:
        out: The file.
        entries: In the sample's order; called twice. One that failed is an empty mask.
        sample: The competition's file, read again to compare the order.
        truth: Folder of true masks.

    Raises:
        ValueError: What was written is not what was predicted.
    """
    with staged(out) as place:
        with place.open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"{HEADER}\n")
            for entry in entries():
                file.write(f"{entry.photo},{entry.fields.get('runs', '')}\n")
        return verify_submission(place, entries, sample, truth)


def verify_submission(
    file: Path, entries: Entries, sample: Path, truth: Path | None
) -> Submission:
    """Decodes every row of a file; compares order and pixels.

    Raises:
        ValueError: A row is missing, too much, elsewhere or of other pixels.
    """
    scores: list[float] = []
    number = 0
    with file.open("r", encoding="utf-8", newline="\n") as lines:
        if lines.readline() != f"{HEADER}\n":
            raise _unequal(1, HEADER)
        rows = zip_longest(lines, entries(), sample_names(sample))
        for number, (line, entry, name) in enumerate(rows, start=1):
            if line is None or entry is None or not line.startswith(f"{name},"):
                raise _unequal(number + 1, name)
            runs = line.rstrip("\n").partition(",")[2]
            mask = _decode(runs)
            digest = mask_digest(mask) if runs else _NO_CAR_DIGEST
            if digest != entry.fields.get("mask_sha256", _NO_CAR_DIGEST):
                raise _unequal(number + 1, name)
            scores += _scores(mask, name, truth)
    mean = float(np.mean(scores)) if scores else None
    return Submission(rows=number, mean_dice=mean, dice_photos=len(scores))


def _decode(runs: str) -> npt.NDArray[np.uint8]:
    if not runs:  # by the ten thousands where photos may be missing
        return _NO_CAR
    return decode_runs(runs, height_px=HEIGHT_PX, width_px=WIDTH_PX)


def _scores(mask: npt.NDArray[np.uint8], name: str, truth: Path | None) -> list[float]:
    true_mask = read_truth(truth, name, mask.shape) if truth else None
    return [] if true_mask is None else [dice(mask, true_mask)]


def _unequal(line: int, wanted: str | None) -> ValueError:
    what = f"the mask of {wanted!r}" if wanted else "the end"
    return ValueError(
        f"the submission must hold what was predicted, but line {line} is not {what}"
        " as it was predicted; run the same command again"
    )
