"""The sheet shows the very copies that Transform writes, photos above their masks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.drawn_squares import SQUARES, Square, draw_square
from tests.tfx_pipeline.data.drawn_columns import columns, settings
from tfx_pipeline.config.augment import CARVANA, AugmentConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.data.augment_preview import copies_drawer, write_augment_sheet
from tfx_pipeline.data.contact_sheet import VOID_RGB
from tfx_pipeline.data.sheet_layout import CAPTION_PX, CELL_PX, GAP_PX
from tfx_pipeline.data.stored_records import StoredRecord
from tfx_pipeline.data.transform_records import transform_records

SQUARE_RGB = (200, 30, 30)


def stored(index: int) -> StoredRecord:
    record = draw_square(Square(index, "train"))
    return StoredRecord(
        example_id=record.example_id.encode(),
        view=b"front",
        image=record.image,
        mask=record.masks["square"],
        orientation=1,
    )


def sheet(
    folder: Path, config: PrepareConfig, *, copies: int, count: int
) -> tuple[int, np.ndarray]:
    """Draws the sheet of five squares; returns the answer and its pixels."""
    shard = folder / "squares.tfrecord"
    with tf.io.TFRecordWriter(str(shard)) as writer:
        for index in range(5):
            writer.write(serialized(stored(index)))
    drawn = write_augment_sheet(
        [shard],
        task="square",
        taxonomy=SQUARES.to_dict(),
        config=config,
        copies=copies,
        seed=0,
        count=count,
        path=folder / "out" / "sheet.png",
    )
    return drawn, np.asarray(Image.open(folder / "out" / "sheet.png").convert("RGB"))


def serialized(record: StoredRecord) -> bytes:
    texts = {
        "example_id": record.example_id,
        "view": record.view,
        "image": record.image,
        "mask/square": record.mask,
    }
    features = {
        name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
        for name, value in texts.items()
    }
    turned = tf.train.Int64List(value=[record.orientation])
    features["orientation"] = tf.train.Feature(int64_list=turned)
    whole = tf.train.Features(feature=features)
    return tf.train.Example(features=whole).SerializeToString()


def cell(pixels: np.ndarray, row: int, column: int) -> np.ndarray:
    """Returns one cell of the first card."""
    top = GAP_PX + row * (CELL_PX + GAP_PX)
    left = GAP_PX + column * (CELL_PX + GAP_PX)
    return pixels[top : top + CELL_PX, left : left + CELL_PX]


def assert_shown(shown: np.ndarray, mask_ids: np.ndarray) -> None:
    """Each cell pixel has the colour of the mask pixel that its centre falls into."""
    twice = (2 * np.arange(CELL_PX) + 1) * len(mask_ids)
    # Centres on the border of two mask pixels may take either.
    clear = twice % (2 * CELL_PX) != 0
    source = (twice // (2 * CELL_PX))[clear]
    is_square = shown[clear][:, clear, 0] == SQUARE_RGB[0]
    np.testing.assert_array_equal(is_square, mask_ids[source][:, source] == 1)


def test_the_copies_are_those_that_transform_writes() -> None:
    batch, chosen = columns(["train"]), settings(copies=2)
    rows = transform_records(batch, chosen)

    pairs = copies_drawer(chosen.prepare, chosen.flip_ids, chosen.seed)(stored(0), 2)

    assert len(pairs) == 3
    for row, (photo, mask_ids) in enumerate(pairs):
        np.testing.assert_array_equal(tf.io.decode_png(rows["image"][row]), photo)
        decoded = tf.io.decode_png(rows["mask"][row], channels=1)[..., 0]
        np.testing.assert_array_equal(decoded, mask_ids)


def test_a_card_has_the_plain_picture_first_and_each_mask_below_its_photo(
    tmp_path: Path,
) -> None:
    mirror = replace(CARVANA, rotation_deg=0, shift=0, shear=0, zoom=0)
    config = PrepareConfig(
        height_px=32, width_px=32, augment=replace(mirror, flip_probability=1.0)
    )

    drawn, pixels = sheet(tmp_path, config, copies=1, count=4)

    assert drawn == 4
    mask_ids = tf.io.decode_png(stored(0).mask).numpy()[..., 0]
    assert_shown(cell(pixels, 1, 0), mask_ids)
    assert_shown(cell(pixels, 1, 1), mask_ids[:, ::-1])
    photo, copy = (cell(pixels, 0, column).astype(int) for column in (0, 1))
    assert abs(photo[:, ::-1] - copy).mean() < 1
    assert abs(photo - copy).mean() > 10


def test_void_beside_the_picture_is_magenta_and_in_the_legend(tmp_path: Path) -> None:
    config = PrepareConfig(height_px=32, width_px=64, augment=CARVANA)

    _, pixels = sheet(tmp_path, config, copies=3, count=1)

    # 64 x 32 becomes 176 x 88 in its cell; a square of 32 leaves 44 on either side.
    plain_mask = pixels[GAP_PX + 88 + GAP_PX :][:88, GAP_PX : GAP_PX + CELL_PX]
    assert {tuple(rgb) for rgb in plain_mask[:, :44].reshape(-1, 3)} == {VOID_RGB}
    inside = {tuple(rgb) for rgb in plain_mask[:, 44:132].reshape(-1, 3)}
    assert inside == {(0, 0, 0), SQUARE_RGB}
    legend = pixels[GAP_PX + 2 * (88 + GAP_PX) + CAPTION_PX :]
    assert {VOID_RGB, SQUARE_RGB} <= {tuple(rgb) for rgb in legend.reshape(-1, 3)}


@pytest.mark.parametrize(("copies", "cards"), [(1, 2), (4, 1), (9, 1)])
def test_wide_cards_stand_alone_and_narrow_ones_side_by_side(
    tmp_path: Path, copies: int, cards: int
) -> None:
    config = PrepareConfig(height_px=16, width_px=16, augment=AugmentConfig())

    _, pixels = sheet(tmp_path, config, copies=copies, count=2)

    card_px = (copies + 1) * (CELL_PX + GAP_PX) + GAP_PX
    assert pixels.shape[1] == cards * card_px
