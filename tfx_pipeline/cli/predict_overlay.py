"""A photo with its mask laid over it, and a legend, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tfx_pipeline.cli.predict_classes import Classes

Pixels = npt.NDArray[np.uint8]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

MAX_SIDE_PX = 1600
# Smaller photos are shown larger, so that a person sees something.
MIN_SIDE_PX = 512
_TINT = 0.45
_INK, _PAPER, _FRAME = (30, 30, 30), (255, 255, 255), (120, 120, 120)
_SHORTEST_STRIP_PX = 360


def shown_size(height: int, width: int) -> tuple[int, int]:
    """Returns height and width of the overlay of a photo.

    Example:
        >>> shown_size(3000, 4000), shown_size(600, 800), shown_size(100, 128)
        ((1200, 1600), (600, 800), (400, 512))
    """
    longest = max(height, width)
    scale = min(1.0, MAX_SIDE_PX / longest)
    if longest < MIN_SIDE_PX:
        scale = MIN_SIDE_PX // longest
    return max(1, round(height * scale)), max(1, round(width * scale))


def draw_overlay(
    photo: Image.Image,
    mask_ids: Pixels,
    classes: Classes,
    *,
    caption: str,
    areas: Sequence[float],
) -> Image.Image:
    """Returns the photo in translucent colours above a legend with areas in per cent.

    Args:
        photo: RGB, upright, of the size to show.
        mask_ids: [height, width] of any size; scaled to the photo's.
        classes: Names and colours.
        caption: First line of the legend.
        areas: Share of the photo by class id.
    """
    shown = Image.fromarray(mask_ids).resize(photo.size, Image.Resampling.NEAREST)
    tinted = Image.fromarray(tint(np.asarray(photo), np.asarray(shown), classes))
    width = max(photo.width, _SHORTEST_STRIP_PX)
    strip = _draw_legend(classes, areas, caption, width)
    sheet = Image.new("RGB", (width, photo.height + strip.height), _PAPER)
    sheet.paste(tinted, ((width - photo.width) // 2, 0))
    sheet.paste(strip, (0, photo.height))
    return sheet


def tint(photo: Pixels, mask_ids: Pixels, classes: Classes) -> Pixels:
    """Returns the photo [h, w, 3], classes tinted and outlined, the background not."""
    colors = classes.palette()[mask_ids]
    opacity = np.where(_outline(mask_ids), 1.0, _TINT)
    if classes.background_id is not None:
        opacity[mask_ids == classes.background_id] = 0
    mixed = photo + (colors.astype(np.float32) - photo) * opacity[..., None]
    return np.round(mixed).astype(np.uint8)


def _outline(mask_ids: Pixels) -> npt.NDArray[np.bool_]:
    """Says which pixels lie beside another class."""
    differs = np.zeros(mask_ids.shape, bool)
    rows = mask_ids[1:] != mask_ids[:-1]
    columns = mask_ids[:, 1:] != mask_ids[:, :-1]
    differs[1:] |= rows
    differs[:-1] |= rows
    differs[:, 1:] |= columns
    differs[:, :-1] |= columns
    return differs


def _draw_legend(
    classes: Classes, areas: Sequence[float], caption: str, width: int
) -> Image.Image:
    """Returns a strip: the caption, then swatch, name and area of each class."""
    size = max(13, width // 64)
    font, gap = ImageFont.load_default(size=size), size // 2
    entries = list(_entries(classes, areas))
    swatch = size + gap
    placed, left, top = [], gap, gap + size + gap
    for class_id, text in entries:
        needed = swatch + int(font.getlength(text)) + 2 * gap
        if left > gap and left + needed > width:
            left, top = gap, top + size + gap
        placed.append((left, top, class_id, text))
        left += needed
    strip = Image.new("RGB", (width, top + size + 2 * gap), _PAPER)
    draw = ImageDraw.Draw(strip)
    draw.text((gap, gap), _cut(caption, font, width - 2 * gap), fill=_INK, font=font)
    for left, top, class_id, text in placed:
        box = (left, top, left + size, top + size)
        is_plain = class_id == classes.background_id
        fill = _PAPER if is_plain else classes.rgb[class_id]
        draw.rectangle(box, fill=fill, outline=_FRAME)
        if is_plain:  # a stroke: there are white classes, too
            draw.line((left, top + size, left + size, top), fill=_FRAME)
        draw.text((left + swatch, top), text, fill=_INK, font=font)
    return strip


def _entries(classes: Classes, areas: Sequence[float]) -> Iterator[tuple[int, str]]:
    """Yields id and words of the classes that are there, the largest first."""
    for class_id in sorted(range(len(areas)), key=lambda index: -areas[index]):
        if areas[class_id] > 0:
            per_cent = f"{areas[class_id]:.1%}" if areas[class_id] >= 5e-4 else "<0.1%"
            yield class_id, f"{classes.names[class_id]} {per_cent}"


def _cut(text: str, font: Font, width: float) -> str:
    """Returns the text, or its end behind dots where it is too long."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength("..." + text) > width:
        text = text[1:]
    return "..." + text
