"""What the augmentation makes of records, for people to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.data.augment.seeds import NO_AUGMENT_SEED, copy_seed
from tfx_pipeline.data.contact_sheet import class_colors, class_legend, color_mask
from tfx_pipeline.data.prepare import prepare
from tfx_pipeline.data.sheet_layout import (
    draw_card,
    draw_sheet,
    mask_cell,
    photo_cell,
    save_png,
)
from tfx_pipeline.data.stored_records import StoredRecord, read_records

Pixels = npt.NDArray[np.uint8]
Pairs = list[tuple[Pixels, Pixels]]


def write_augment_sheet(
    shards: Sequence[Path],
    *,
    task: str,
    taxonomy: Mapping[str, Any],
    config: PrepareConfig,
    copies: int,
    seed: int,
    count: int,
    path: Path,
) -> int:
    """Draws the first records, each beside its augmented copies, into a PNG.

    A card has the photos above their masks: the plain picture, then the copies.

    Args:
        shards: TFRecord files of a split.
        task: Whose masks are drawn.
        taxonomy: JSON form of the task's taxonomy.
        config: Size and augmentation.
        copies: Copies per record.
        seed: Seed of the run.
        count: How many records at most.
        path: The PNG file.

    Returns:
        How many records there were.
    """
    colors = class_colors(taxonomy)
    draw = copies_drawer(config, Taxonomy.from_dict(taxonomy).flip_ids(), seed)
    cards, masks = [], []
    for record in read_records(shards, task, count):
        pairs = draw(record, copies)
        photos = [photo_cell(photo) for photo, _ in pairs]
        colored = [mask_cell(color_mask(mask_ids, colors)) for _, mask_ids in pairs]
        caption = f"{record.caption}: plain, then {copies} copies"
        cards.append(draw_card(caption, [photos, colored]))
        masks += [mask_ids for _, mask_ids in pairs]
    save_png(draw_sheet(cards, class_legend(taxonomy, masks)), path)
    return len(cards)


def copies_drawer(
    config: PrepareConfig, flip_ids: Sequence[int], seed: int
) -> Callable[[StoredRecord, int], Pairs]:
    """Returns a function from a record to its plain picture and so many copies.

    The copies are the very ones that Transform writes for this seed and example.

    Args:
        config: Size and augmentation.
        flip_ids: For every class id the id that it becomes in a mirror.
        seed: Seed of the run.
    """
    text, number = tf.TensorSpec([], tf.string), tf.TensorSpec([], tf.int64)

    @tf.function(input_signature=[text, text, number, number])
    def draw(
        image: tf.Tensor, mask: tf.Tensor, orientation: tf.Tensor, drawn: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        return prepare(
            image, mask, drawn, config, orientation=orientation, flip_ids=flip_ids
        )

    def draw_copies(record: StoredRecord, copies: int) -> Pairs:
        seeds = [tf.constant(NO_AUGMENT_SEED, tf.int64)]
        numbers = range(1, copies + 1)
        seeds += [copy_seed(seed, record.example_id, number) for number in numbers]
        orientation = tf.constant(record.orientation, tf.int64)
        pairs = (draw(record.image, record.mask, orientation, one) for one in seeds)
        return [(photo.numpy(), mask_ids.numpy()) for photo, mask_ids in pairs]

    return draw_copies
