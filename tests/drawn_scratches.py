"""A tiny builder with two classes that a colour gives away: bodies, and scratches.

Half of the bodies are light and half dark, a third of the scratches is dark: a model
that looks for one shade only is wrong by a share known beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.drawn_squares import Square
from tfds_builders.group_split import split_groups
from tfds_builders.listing import Listing, by_split
from tfds_builders.png_encoding import encode_mask_png, encode_rgb_png
from tfds_builders.record import Record
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.taxonomy import SegmentationClass, Taxonomy

SIZE_PX = 32
BODY, SCRATCH = 1, 2
LIGHT, DARK = 250, 170
SCRATCHES = Taxonomy(
    dataset="drawn_scratches",
    task="damage",
    classes=(
        SegmentationClass(id=0, name="background", rgb=(0, 0, 0)),
        SegmentationClass(id=BODY, name="body", rgb=(200, 30, 30)),
        SegmentationClass(id=SCRATCH, name="scratch", rgb=(30, 30, 200)),
    ),
    licence="CC0-1.0",
    commercial="yes",
)


def draw_scratch(photo: Square) -> Record:
    """Draws a red body of 14 px somewhere around the middle and a blue scratch."""
    rng = np.random.default_rng(photo.index)
    image = rng.integers(0, 100, (SIZE_PX, SIZE_PX, 3), np.uint8)
    mask = np.zeros((SIZE_PX, SIZE_PX), np.uint8)
    top, left = rng.integers(6, 12, 2)
    mask[top : top + 14, left : left + 14] = BODY
    image[mask == BODY, 0] = LIGHT if photo.index % 2 else DARK
    row, column = rng.integers(0, SIZE_PX - 8, 2)
    scratch = np.zeros_like(mask, bool)
    scratch[row : row + 4, column : column + 8] = True
    mask[scratch] = SCRATCH
    image[scratch] = (0, 0, DARK if photo.index % 3 == 0 else LIGHT)
    return Record(
        example_id=f"photo_{photo.index:03d}",
        group_id=f"photo_{photo.index:03d}",
        split=photo.split,
        image=encode_rgb_png(image),
        orientation=1,
        height_px=SIZE_PX,
        width_px=SIZE_PX,
        masks={"damage": encode_mask_png(mask)},
        source="drawn_scratches",
        view="front" if photo.index % 2 else "rear",
        domain="synthetic",
    )


class Builder(RecordBuilder):
    """Draws sixty photos."""

    name = "drawn_scratches"

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        return {"damage": SCRATCHES}

    def list_sources(self) -> Listing[Square]:
        splits = split_groups({str(index): 1 for index in range(60)})
        photos = (Square(index, splits[str(index)]) for index in range(60))
        return Listing(sources=by_split(photos))

    def record_reader(self) -> RecordReader:
        return draw_scratch
