"""Drawn photos read as records, and the masks that they should have."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.tfds_builders.car_damage_aihub.drawn_tree import HEIGHT, WIDTH, place
from tfds_builders.car_damage_aihub.configurations import CONFIGURATIONS
from tfds_builders.car_damage_aihub.pairing import LabelledPhoto
from tfds_builders.car_damage_aihub.photo_listing import PhotoSource
from tfds_builders.car_damage_aihub.photo_reading import read_photo
from tfds_builders.record import Record

STEM = "0000459_sc-226797"


def pair(kind: Any) -> LabelledPhoto:
    return LabelledPhoto(
        kind,
        place(kind),
        f"{STEM}.jpg",
        place(kind, of_labels=True),
        f"{STEM}.json",
    )


def read(root: Path, *kinds: str, config: str = "all") -> Record:
    source = PhotoSource(STEM, "sc-226797", "eval", tuple(map(pair, kinds)))
    tasks = CONFIGURATIONS[config].tasks
    return read_photo(source, folder=root, tasks=tasks)


def mask(record: Record, task: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(record.masks[task])))


def painted(*boxes: tuple[int, int, int, int, int], ground: int = 0) -> np.ndarray:
    ids = np.full((HEIGHT, WIDTH), ground, np.uint8)
    for x0, y0, x1, y1, class_id in boxes:
        ids[y0:y1, x0:x1] = class_id
    return ids
