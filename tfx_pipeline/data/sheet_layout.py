"""Lays pictures out on one sheet: captioned cards in rows, a legend below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Pixels = npt.NDArray[np.uint8]
LegendEntry = tuple[str, tuple[int, ...]]

CELL_PX = 176
GAP_PX = 6
CAPTION_PX = 16
# Two cards of photo, mask and overlay stand side by side; wider ones alone.
SHEET_PX = 1104
_INK, _PAPER = (30, 30, 30), (255, 255, 255)


def photo_cell(photo: Pixels) -> Image.Image:
    """Returns the photo [h, w, 3] at the size of a cell, smoothly."""
    return _fitted(photo, Image.Resampling.LANCZOS)


def mask_cell(mask_rgb: Pixels) -> Image.Image:
    """Returns the coloured mask [h, w, 3] at the size of a cell, without blending."""
    return _fitted(mask_rgb, Image.Resampling.NEAREST)


def draw_card(caption: str, rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """Returns rows of cells above their caption."""
    heights = [max(cell.height for cell in row) for row in rows]
    columns = max(len(row) for row in rows)
    width = columns * (CELL_PX + GAP_PX) - GAP_PX
    height = sum(heights) + (len(rows) - 1) * GAP_PX
    card = Image.new("RGB", (width, height + CAPTION_PX), _PAPER)
    top = 0
    for row, row_height in zip(rows, heights, strict=True):
        for column, cell in enumerate(row):
            left = column * (CELL_PX + GAP_PX) + (CELL_PX - cell.width) // 2
            card.paste(cell, (left, top))
        top += row_height + GAP_PX
    ImageDraw.Draw(card).text((0, height + 1), caption[-80:], fill=_INK, font=_font())
    return card


def draw_sheet(
    cards: Sequence[Image.Image], legend: Sequence[LegendEntry]
) -> Image.Image:
    """Returns the cards, all of one width, in rows as high as their highest card."""
    column_px = cards[0].width + 2 * GAP_PX
    per_row = max(1, SHEET_PX // column_px)
    rows = [cards[start : start + per_row] for start in range(0, len(cards), per_row)]
    width = per_row * column_px
    strip = _legend(legend, width)
    heights = [max(card.height for card in row) + GAP_PX for row in rows]
    sheet = Image.new("RGB", (width, GAP_PX + sum(heights) + strip.height), _PAPER)
    top = GAP_PX
    for row, height in zip(rows, heights, strict=True):
        for column, card in enumerate(row):
            sheet.paste(card, (GAP_PX + column * column_px, top))
        top += height
    sheet.paste(strip, (0, top))
    return sheet


def save_png(sheet: Image.Image, path: Path) -> None:
    """Writes the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.staged")
    sheet.save(staged, format="PNG")
    staged.replace(path)


def _fitted(pixels: Pixels, method: Image.Resampling) -> Image.Image:
    """Returns the picture at the cell's width, or its height if it is upright."""
    height, width = pixels.shape[:2]
    scale = CELL_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return Image.fromarray(pixels).resize(size, method)


def _legend(entries: Sequence[LegendEntry], width: int) -> Image.Image:
    """Returns a strip with a colour square and a name per class, wrapped."""
    font = _font()
    placed: list[tuple[int, int, LegendEntry]] = []
    left, top, line = GAP_PX, 0, CAPTION_PX + GAP_PX
    for entry in entries:
        needed = CAPTION_PX + GAP_PX + int(font.getlength(entry[0])) + 2 * GAP_PX
        if left + needed > width:
            left, top = GAP_PX, top + line
        placed.append((left, top, entry))
        left += needed
    strip = Image.new("RGB", (width, top + line), _PAPER)
    draw = ImageDraw.Draw(strip)
    for left, top, (name, rgb) in placed:
        draw.rectangle((left, top, left + 12, top + 12), fill=rgb[:3], outline=_INK)
        draw.text((left + CAPTION_PX + 2, top), name, fill=_INK, font=font)
    return strip


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=12)
