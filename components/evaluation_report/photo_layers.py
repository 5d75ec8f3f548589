"""Draws a test photo for the page: the photo, and see-through masks to lay on it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.example_reader import (
    first_bytes,
    first_int,
    read_example,
)
from components.dataset_auditor.upright_image import (
    BrokenImageError,
    as_array,
    decode_photo,
)
from components.segmentation_metrics.mask_png import MaskIds, decode_mask_png

MAX_SIDE_PX = 480
_JPEG_QUALITY = 78
_OPACITY = 160  # of 255
_VOID_RGB = (255, 255, 255)
_UNKNOWN_RGB = (255, 0, 255)

ANY_CLASS = -1  # stands for all classes in place of an id

# Values of an error map. The rest of the photo is darkened, so that errors stand out
# on cars of any colour; orange and sky blue differ to every kind of eye.
RIGHT, HIT, MISSED, FALSE_ALARM, VOID = range(5)
ERROR_RGBA = {
    RIGHT: (0, 0, 0, 130),
    HIT: (255, 255, 255, 60),
    MISSED: (230, 110, 0, 235),
    FALSE_ALARM: (86, 180, 233, 235),
    VOID: (128, 128, 128, 220),
}

Palette = Mapping[int, tuple[int, int, int, int]]


@dataclass(frozen=True, kw_only=True)
class PhotoLayers:
    """Pictures of one size, as base64 text.

    Attributes:
        width_px: Width.
        height_px: Height.
        photo: JPEG; `''` where the photo cannot be decoded.
        truth: PNG in class colours, see-through.
        prediction: The same of the predicted mask.
        errors: Class id, or `ANY_CLASS`, to a PNG of what was missed and what was a
            false alarm.
    """

    width_px: int
    height_px: int
    photo: str
    truth: str
    prediction: str
    errors: Mapping[int, str]

    def base64_bytes(self, class_id: int) -> int:
        """Returns what the page grows by when it shows one class of the photo."""
        pictures = (self.photo, self.truth, self.prediction, self.errors[class_id])
        return sum(len(picture) for picture in pictures)


def draw_layers(
    serialized: bytes,
    predicted_png: bytes,
    *,
    task: str,
    table: ClassTable,
    class_ids: Iterable[int],
    max_side_px: int = MAX_SIDE_PX,
) -> PhotoLayers:
    """Returns the layers of a record; an error map for each of `class_ids`.

    The photo is drawn anew from its pixels, so nothing of its file's metadata travels.
    """
    features = read_example(serialized)
    truth = decode_mask_png(first_bytes(features, f"mask/{task}") or b"", "true mask")
    predicted = decode_mask_png(predicted_png, "predicted mask")
    height_px, width_px = _fit(truth.shape, max_side_px)
    palette = class_palette(table)

    def small(mask: MaskIds, colours: Palette) -> str:
        return _encode_png(_shrink(mask, height_px, width_px), colours)

    try:
        photo = decode_photo(
            first_bytes(features, "image") or b"", first_int(features, "orientation")
        )
        jpeg = _encode_jpeg(photo.resize((width_px, height_px)))
    except BrokenImageError:
        jpeg = ""
    return PhotoLayers(
        width_px=width_px,
        height_px=height_px,
        photo=jpeg,
        truth=small(truth, palette),
        prediction=small(predicted, palette),
        errors={
            class_id: small(_errors(truth, predicted, class_id, table), ERROR_RGBA)
            for class_id in class_ids
        },
    )


def error_map(
    truth: MaskIds, predicted: MaskIds, class_id: int, void_id: int
) -> MaskIds:
    """Returns what became of one class's pixels, [height, width] of `RIGHT` and so on.

    Example:
        >>> error_map(np.array([[1, 1, 0, 255]]), np.array([[1, 0, 1, 1]]), 1, 255)
        array([[1, 2, 3, 4]], dtype=uint8)
    """
    is_true, is_predicted = truth == class_id, predicted == class_id
    errors = np.full(truth.shape, RIGHT, np.uint8)
    errors[is_true & is_predicted] = HIT
    errors[is_true & ~is_predicted] = MISSED
    errors[~is_true & is_predicted] = FALSE_ALARM
    errors[truth == void_id] = VOID
    return errors


def all_errors_map(
    truth: MaskIds, predicted: MaskIds, background_id: int | None, void_id: int
) -> MaskIds:
    """Returns what became of the pixels of all classes but the background.

    A pixel of one class that was predicted as another is missed.

    Example:
        >>> all_errors_map(np.array([[1, 1, 0, 0, 255]]), np.array([[1, 2, 2, 0, 1]]),
        ...     background_id=0, void_id=255)
        array([[1, 2, 3, 0, 4]], dtype=uint8)
    """
    is_background = truth == (ANY_CLASS if background_id is None else background_id)
    is_right = truth == predicted
    errors = np.full(truth.shape, RIGHT, np.uint8)
    errors[~is_background & is_right] = HIT
    errors[~is_background & ~is_right] = MISSED
    errors[is_background & ~is_right] = FALSE_ALARM
    errors[truth == void_id] = VOID
    return errors


def class_palette(table: ClassTable) -> Palette:
    """Returns colour and opacity of every mask value; the background is not drawn."""
    palette = {key: (*_UNKNOWN_RGB, _OPACITY) for key in range(256)}
    palette |= {key: (*rgb, _OPACITY) for key, rgb in table.rgb.items()}
    palette[table.void_id] = (*_VOID_RGB, _OPACITY)
    if table.background_id is not None:
        palette[table.background_id] = (0, 0, 0, 0)
    return palette


def _errors(
    truth: MaskIds, predicted: MaskIds, class_id: int, table: ClassTable
) -> MaskIds:
    if class_id == ANY_CLASS:
        return all_errors_map(truth, predicted, table.background_id, table.void_id)
    return error_map(truth, predicted, class_id, table.void_id)


def _fit(shape: tuple[int, ...], max_side_px: int) -> tuple[int, int]:
    scale = min(1.0, max_side_px / max(shape))
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def _shrink(mask: MaskIds, height_px: int, width_px: int) -> MaskIds:
    smaller = Image.fromarray(mask).resize(
        (width_px, height_px), Image.Resampling.NEAREST
    )
    return as_array(smaller)


def _encode_jpeg(photo: Image.Image) -> str:
    stream = io.BytesIO()
    # A new picture of the pixels: Pillow would copy a JPEG comment along.
    Image.fromarray(as_array(photo)).save(stream, "JPEG", quality=_JPEG_QUALITY)
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _encode_png(values: npt.NDArray[np.uint8], colours: Palette) -> str:
    last = max(colours)
    rgba = [colours.get(key, (0, 0, 0, 0)) for key in range(last + 1)]
    picture = Image.fromarray(values, "L")
    picture.putpalette([part for colour in rgba for part in colour[:3]])
    stream = io.BytesIO()
    alpha = bytes(colour[3] for colour in rgba)
    picture.save(stream, "PNG", optimize=True, transparency=alpha)
    return base64.b64encode(stream.getvalue()).decode("ascii")
