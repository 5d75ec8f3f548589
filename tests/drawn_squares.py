"""A tiny builder of the shared record, as a user would write one: coloured squares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tfds_builders.group_split import split_groups
from tfds_builders.listing import Listing, by_split
from tfds_builders.png_encoding import encode_mask_png, encode_rgb_png
from tfds_builders.record import Record
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.taxonomy import SegmentationClass, Taxonomy

SIZE_PX = 32
SQUARES = Taxonomy(
    dataset="drawn_squares",
    task="square",
    classes=(
        SegmentationClass(id=0, name="background", rgb=(0, 0, 0)),
        SegmentationClass(id=1, name="square", rgb=(200, 30, 30)),
    ),
    licence="CC0-1.0",
    commercial="yes",
)


@dataclass(frozen=True)
class Square:
    """One picture; an unreadable one stands for a corrupt file."""

    index: int
    split: str
    readable: bool = True

    def __str__(self) -> str:
        return f"square {self.index}"


def draw_square(square: Square) -> Record:
    if not square.readable:
        raise ValueError("cannot decode the picture:\n it was cut short")
    rng = np.random.default_rng(square.index)
    image = rng.integers(0, 120, (SIZE_PX, SIZE_PX, 3), np.uint8)
    mask = np.zeros((SIZE_PX, SIZE_PX), np.uint8)
    top, left = rng.integers(0, SIZE_PX // 2, 2)
    mask[top : top + 14, left : left + 14] = 1
    image[mask == 1] += 120
    return Record(
        example_id=f"square_{square.index:03d}",
        group_id=f"square_{square.index:03d}",
        split=square.split,
        image=encode_rgb_png(image),
        orientation=1,
        height_px=SIZE_PX,
        width_px=SIZE_PX,
        masks={"square": encode_mask_png(mask)},
        source="drawn_squares",
        view="front",
        domain="synthetic",
    )


class Builder(RecordBuilder):
    """Draws squares; `broken` of them cannot be read."""

    name = "drawn_squares"

    def __init__(self, *, count: int = 24, broken: int = 0, **kwargs: Any) -> None:
        self.count = count
        self.broken = broken
        super().__init__(**kwargs)

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        return {"square": SQUARES}

    def list_sources(self) -> Listing[Square]:
        splits = split_groups({str(index): 1 for index in range(self.count)})
        squares = (
            Square(index, splits[str(index)], index >= self.broken)
            for index in range(self.count)
        )
        return Listing(sources=by_split(squares))

    def record_reader(self) -> RecordReader:
        return draw_square
