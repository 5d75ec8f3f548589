"""A contact sheet for people: photo, mask in its colours, overlay, legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from PIL import Image, ImageDraw, ImageFont

from tfds_builders.taxonomy import VOID_ID
from tfx_pipeline.data.decode import decode_mask, decode_upright

Pixels = npt.NDArray[np.uint8]

VOID_RGB = (255, 0, 255)
CELL_PX = 176
GAP_PX = 6
CAPTION_PX = 16
CARDS_PER_ROW = 2
OVERLAY_ALPHA = 0.5
_INK, _PAPER = (30, 30, 30), (255, 255, 255)


def color_mask(mask_ids: Pixels, colors: Mapping[int, Sequence[int]]) -> Pixels:
    """Returns the mask in its classes' colours [h, w, 3]; void is magenta."""
    palette = np.zeros((256, 3), np.uint8)
    palette[VOID_ID] = VOID_RGB
    for class_id, rgb in colors.items():
        palette[class_id] = rgb
    return palette[mask_ids]


def overlay(
    photo: Pixels,
    mask_ids: Pixels,
    colors: Mapping[int, Sequence[int]],
    background: int | None,
) -> Pixels:
    """Returns the photo with every class but the background tinted in its colour."""
    tinted = (
        photo * (1 - OVERLAY_ALPHA) + color_mask(mask_ids, colors) * OVERLAY_ALPHA
    ).astype(np.uint8)
    is_plain = mask_ids == (-1 if background is None else background)
    return np.where(is_plain[..., None], photo, tinted)


def read_pictures(
    shards: Sequence[Path], task: str, count: int
) -> Iterator[tuple[str, Pixels, Pixels]]:
    """Yields caption, upright photo and mask ids of the first records."""
    files = [str(path) for path in shards]
    for serialized in tf.data.TFRecordDataset(files).take(count).as_numpy_iterator():
        feature = tf.train.Example.FromString(serialized).features.feature
        photo = decode_upright(
            feature["image"].bytes_list.value[0],
            tf.constant(feature["orientation"].int64_list.value[0]),
        )
        mask_ids = decode_mask(feature[f"mask/{task}"].bytes_list.value[0])
        words = (feature[name].bytes_list.value[0] for name in ("example_id", "view"))
        yield (
            " ".join(word.decode("utf-8") for word in words),
            photo.numpy(),
            mask_ids.numpy(),
        )


def write_contact_sheet(
    shards: Sequence[Path],
    *,
    task: str,
    taxonomy: Mapping[str, Any],
    count: int,
    path: Path,
) -> int:
    """Draws the first records into a PNG; returns how many there were."""
    classes = taxonomy["classes"]
    colors = {entry["id"]: entry["rgb"] for entry in classes}
    cards, has_void = [], False
    for caption, photo, mask in read_pictures(shards, task, count):
        tinted = overlay(photo, mask, colors, taxonomy["background_id"])
        cards.append(_card(caption, (photo, color_mask(mask, colors), tinted)))
        has_void |= bool((mask == VOID_ID).any())
    if not cards:
        raise ValueError("there is no record to draw in this split; choose another")
    legend = [(entry["name"], tuple(entry["rgb"])) for entry in classes]
    sheet = _sheet(cards, [*legend, ("void", VOID_RGB)] if has_void else legend)
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.staged")
    sheet.save(staged, format="PNG")
    staged.replace(path)
    return len(cards)


def _card(caption: str, pictures: Sequence[Pixels]) -> Image.Image:
    """Returns the pictures side by side above their caption."""
    cells = [
        _fitted(pixels, is_mask=column == 1) for column, pixels in enumerate(pictures)
    ]
    height = cells[0].height
    width = len(cells) * (CELL_PX + GAP_PX) - GAP_PX
    card = Image.new("RGB", (width, height + CAPTION_PX), _PAPER)
    for column, cell in enumerate(cells):
        card.paste(cell, (column * (CELL_PX + GAP_PX) + (CELL_PX - cell.width) // 2, 0))
    ImageDraw.Draw(card).text((0, height + 1), caption[-80:], fill=_INK, font=_font())
    return card


def _fitted(pixels: Pixels, *, is_mask: bool) -> Image.Image:
    """Returns the picture at the cell's width, or its height if it is upright."""
    height, width = pixels.shape[:2]
    scale = CELL_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = Image.Resampling.NEAREST if is_mask else Image.Resampling.LANCZOS
    return Image.fromarray(pixels).resize(size, method)


def _sheet(
    cards: Sequence[Image.Image], legend: Sequence[tuple[str, tuple[int, ...]]]
) -> Image.Image:
    """Returns the cards in rows, each row as high as its highest card."""
    rows = [
        cards[start : start + CARDS_PER_ROW]
        for start in range(0, len(cards), CARDS_PER_ROW)
    ]
    width = CARDS_PER_ROW * (cards[0].width + 2 * GAP_PX)
    strip = _legend(legend, width)
    heights = [max(card.height for card in row) + GAP_PX for row in rows]
    sheet = Image.new("RGB", (width, GAP_PX + sum(heights) + strip.height), _PAPER)
    top = GAP_PX
    for row, height in zip(rows, heights, strict=True):
        for column, card in enumerate(row):
            sheet.paste(card, (GAP_PX + column * (card.width + 2 * GAP_PX), top))
        top += height
    sheet.paste(strip, (0, top))
    return sheet


def _legend(entries: Sequence[tuple[str, tuple[int, ...]]], width: int) -> Image.Image:
    """Returns a strip with a colour square and a name per class, wrapped."""
    font = _font()
    placed: list[tuple[int, int, str, tuple[int, ...]]] = []
    left, top, line = GAP_PX, 0, CAPTION_PX + GAP_PX
    for name, rgb in entries:
        needed = CAPTION_PX + GAP_PX + int(font.getlength(name)) + 2 * GAP_PX
        if left + needed > width:
            left, top = GAP_PX, top + line
        placed.append((left, top, name, rgb))
        left += needed
    strip = Image.new("RGB", (width, top + line), _PAPER)
    draw = ImageDraw.Draw(strip)
    for left, top, name, rgb in placed:
        draw.rectangle((left, top, left + 12, top + 12), fill=rgb[:3], outline=_INK)
        draw.text((left + CAPTION_PX + 2, top), name, fill=_INK, font=font)
    return strip


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=12)
