"""Sends photo after photo, and keeps what became of each."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from serving.client import Client, ClientError, ServingError, UnavailableError
from serving.client.prediction import Prediction
from tfx_pipeline.cli.predict_classes import Classes
from tfx_pipeline.cli.predict_files import OutputFolder, mask_png, png, write_own
from tfx_pipeline.cli.predict_inputs import PhotoFile
from tfx_pipeline.cli.predict_overlay import draw_overlay, shown_size
from tfx_pipeline.cli.predict_photo import Photo, read_photo

# One is drawn while the server works on the other.
PARALLEL_PHOTOS = 2
_PROGRESS_S = 2.0


@dataclass(frozen=True, kw_only=True)
class PredictedPhoto:
    """A photo whose mask and overlay are written.

    Attributes:
        photo: As it is called.
        mask: The mask's file.
        overlay: The overlay's file.
        height: Pixels of the upright photo.
        width: Pixels of the upright photo.
        confidence: Mean score of what was found.
        areas: Share of the photo by class id.
    """

    photo: str
    mask: Path
    overlay: Path
    height: int
    width: int
    confidence: float
    areas: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class FailedPhoto:
    """A photo without a mask, and why."""

    photo: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of all photos.

    Attributes:
        predicted: Those with a mask.
        failed: Those without.
        stopped: Why the rest was not tried; empty where all were.
    """

    predicted: tuple[PredictedPhoto, ...]
    failed: tuple[FailedPhoto, ...]
    stopped: str


def predict_all(
    client: Client, photos: Sequence[PhotoFile], classes: Classes, out: OutputFolder
) -> Outcome:
    """Predicts photo by photo; one that fails is said at once, the others go on."""
    predicted: list[PredictedPhoto] = []
    failed: list[FailedPhoto] = []
    stopped: list[str] = []
    progress = _Progress(len(photos))

    def attempt(photo: PhotoFile) -> PredictedPhoto | FailedPhoto | None:
        if stopped:
            return None
        try:
            return _try_one(client, photo, classes, out)
        except ServingError as err:
            stopped.append(_one_line(str(err)))
            return None

    # Not a `with`: it would wait for all that is queued when this one is interrupted.
    executor = ThreadPoolExecutor(PARALLEL_PHOTOS)
    try:
        for result in executor.map(attempt, photos):
            if isinstance(result, PredictedPhoto):
                predicted.append(result)
            elif result is not None:
                failed.append(result)
                print(f"carseg: {result.photo}: {result.reason}", file=sys.stderr)
            progress.count()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
    return Outcome(
        predicted=tuple(predicted),
        failed=tuple(failed),
        stopped=stopped[0] if stopped else "",
    )


class _Progress:
    """Says how far it is, not too often, and not at all for one photo."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._start = self._said = time.monotonic()

    def count(self) -> None:
        self._done += 1
        now = time.monotonic()
        if self._total > 1 and now - self._said >= _PROGRESS_S:
            self._said = now
            rate = self._done / (now - self._start)
            print(
                f"{self._done} of {self._total} photos, {rate:.1f} photos/s",
                file=sys.stderr,
            )


def _try_one(
    client: Client, photo: PhotoFile, classes: Classes, out: OutputFolder
) -> PredictedPhoto | FailedPhoto:
    """Returns what became of a photo; raises what would befall every other as well."""
    try:
        read = read_photo(photo.path)
        prediction = client.predict(read.data)
        return _write(photo, read, prediction, classes, out)
    except UnavailableError:
        raise
    except ClientError as err:
        if err.status != "INVALID_ARGUMENT":
            raise
        return FailedPhoto(photo=photo.shown, reason=_one_line(err.message))
    except (ServingError, ValueError, OSError) as err:
        return FailedPhoto(photo=photo.shown, reason=_one_line(str(err)))


def _write(
    photo: PhotoFile,
    read: Photo,
    prediction: Prediction,
    classes: Classes,
    out: OutputFolder,
) -> PredictedPhoto:
    size = (prediction.height, prediction.width)
    if size != (read.height, read.width):
        raise ValueError(
            f"the mask must be as high and wide as the upright photo, {read.height} x"
            f" {read.width}, got {size[0]} x {size[1]}; is a proxy altering pictures?"
        )
    areas = tuple(float(area) for area in prediction.area_fraction)
    overlay = draw_overlay(
        read.upright_pixels(*shown_size(*size)),
        prediction.mask_ids,
        classes,
        caption=f"{photo.shown}   {size[1]} x {size[0]}   confidence"
        f" {prediction.confidence:.2f}",
        areas=areas,
    )
    write_own(out.mask_file(photo), mask_png(prediction.mask_ids, classes.palette()))
    write_own(out.overlay_file(photo), png(overlay))
    return PredictedPhoto(
        photo=photo.shown,
        mask=out.mask_file(photo),
        overlay=out.overlay_file(photo),
        height=prediction.height,
        width=prediction.width,
        confidence=prediction.confidence,
        areas=areas,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
