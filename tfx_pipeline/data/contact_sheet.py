"""A contact sheet for people: photo, mask in its colours, overlay, legend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tfds_builders.taxonomy import VOID_ID
from tfx_pipeline.data.decode import decode_mask, decode_upright
from tfx_pipeline.data.sheet_layout import (
    LegendEntry,
    draw_card,
    draw_sheet,
    mask_cell,
    photo_cell,
    save_png,
)
from tfx_pipeline.data.stored_records import StoredRecord, read_records

Pixels = npt.NDArray[np.uint8]

VOID_RGB = (255, 0, 255)
OVERLAY_ALPHA = 0.5


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


def class_colors(taxonomy: Mapping[str, Any]) -> dict[int, tuple[int, ...]]:
    """Returns the colour of each class id, from the taxonomy's JSON form."""
    return {entry["id"]: tuple(entry["rgb"]) for entry in taxonomy["classes"]}


def class_legend(
    taxonomy: Mapping[str, Any], masks: Iterable[Pixels]
) -> list[LegendEntry]:
    """Returns name and colour of each class, and of void where a mask holds it."""
    legend = [(entry["name"], tuple(entry["rgb"])) for entry in taxonomy["classes"]]
    has_void = any((mask == VOID_ID).any() for mask in masks)
    return [*legend, ("void", VOID_RGB)] if has_void else legend


def write_contact_sheet(
    shards: Sequence[Path],
    *,
    task: str,
    taxonomy: Mapping[str, Any],
    count: int,
    path: Path,
) -> int:
    """Draws the first records into a PNG; returns how many there were."""
    colors, background = class_colors(taxonomy), taxonomy["background_id"]
    cards, masks = [], []
    for record in read_records(shards, task, count):
        photo, mask_ids = _decoded(record)
        tinted = overlay(photo, mask_ids, colors, background)
        colored = mask_cell(color_mask(mask_ids, colors))
        row = [photo_cell(photo), colored, photo_cell(tinted)]
        cards.append(draw_card(record.caption, [row]))
        masks.append(mask_ids)
    save_png(draw_sheet(cards, class_legend(taxonomy, masks)), path)
    return len(cards)


def _decoded(record: StoredRecord) -> tuple[Pixels, Pixels]:
    photo = decode_upright(record.image, tf.constant(record.orientation))
    return photo.numpy(), decode_mask(record.mask).numpy()
