"""Streets of 98 % background, and models that follow a rule, good and bad ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import tensorflow as tf

from components.model_gate.mean_mask import add_mask, best_constant_mask, empty_counts
from components.segmentation_metrics.mask_grid import mask_of_grid
from tfds_builders.png_encoding import encode_mask_png, encode_rgb_png
from tfds_builders.taxonomy import SegmentationClass, Taxonomy

SIDE_PX = 50
TRAIN, TEST = range(20), range(100, 112)
STREET = Taxonomy(
    dataset="drawn_streets",
    task="street",
    classes=(
        SegmentationClass(id=0, name="background", rgb=(0, 0, 0)),
        SegmentationClass(id=1, name="car", rgb=(200, 0, 0)),
        SegmentationClass(id=2, name="wheel", rgb=(0, 0, 200)),
    ),
    licence="CC0-1.0",
    commercial="yes",
)


def draw_mask(index: int) -> np.ndarray:
    """A car of 5 x 10 px with a wheel of 2 x 5 px in it, anywhere; 2 % of the photo."""
    top, left = np.random.default_rng(index).integers(0, SIDE_PX - 10, 2)
    mask = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    mask[top : top + 5, left : left + 10] = 1
    mask[top + 3 : top + 5, left : left + 5] = 2
    return mask


def view_of(index: int) -> str:
    return ("front", "rear")[index % 2]


def draw_photo(mask: np.ndarray, view: str = "front") -> np.ndarray:
    """The classes' colours; a dark green corner says that it shows the rear."""
    photo = np.array([one.rgb for one in STREET.classes], np.uint8)[mask]
    if view == "rear":
        photo[-1, -1] = (0, 90, 0)
    return photo


def write_records(path: Path, indices: range) -> None:
    path.parent.mkdir(parents=True)
    with tf.io.TFRecordWriter(str(path), "GZIP") as writer:
        for index in indices:
            mask = draw_mask(index)
            texts = {
                "image": encode_rgb_png(draw_photo(mask, view_of(index))),
                "mask/street": encode_mask_png(mask),
                "view": view_of(index).encode(),
                "group_id": f"street {index}".encode(),
            }
            features = {
                key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
                for key, value in texts.items()
            }
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())


def make_examples(folder: Path):
    from tfx.types import standard_artifacts

    for split, indices in {"train": TRAIN, "test": TEST}.items():
        write_records(
            folder / f"Split-{split}/data_tfrecord-00000-of-00001.gz", indices
        )
    examples = standard_artifacts.Examples()
    examples.uri, examples.split_names = str(folder), json.dumps(["train", "test"])
    return examples


def sees_all(image: tf.Tensor) -> tf.Tensor:
    is_car, is_wheel = image[..., 0] > 150, image[..., 2] > 150
    return tf.cast(is_car, tf.uint8) + 2 * tf.cast(is_wheel, tf.uint8)


def live(image: tf.Tensor) -> tf.Tensor:
    """Finds the wheel, and 35 of the 40 px of the car: not those that begin a row."""
    ids = sees_all(image)
    begins = (ids == 1) & (tf.pad(ids[:, :-1], [[0, 0], [1, 0]]) != 1)
    return tf.where(begins, tf.zeros_like(ids), ids)


def worse_on_wheels(image: tf.Tensor) -> tf.Tensor:
    """Better overall, for it finds the whole car, but only 9 of the wheel's 10 px."""
    ids = sees_all(image)
    left = tf.pad(ids[:, :-1], [[0, 0], [1, 0]])
    above = tf.pad(ids[:-1], [[1, 0], [0, 0]])
    corner = (ids == 2) & (left != 2) & (above != 2)
    return tf.where(corner, tf.zeros_like(ids), ids)


def worse_on_rears(image: tf.Tensor) -> tf.Tensor:
    """Better overall, for it finds all of a car's front, but half of its rear."""
    ids = sees_all(image)
    is_rear = image[-1, -1, 1] > 50
    return tf.where(is_rear & (tf.range(SIDE_PX) % 8 == 0), tf.zeros_like(ids), ids)


def better_by_chance(image: tf.Tensor) -> tf.Tensor:
    """On the whole a little better: all of the car in some photos, less in others."""
    ids = sees_all(image)
    left = tf.argmax(tf.reduce_any(ids > 0, axis=0), output_type=tf.int32)
    columns = tf.range(SIDE_PX) - left
    misses = (left % 2 == 0) & ((columns == 9) | (columns == 8))
    return tf.where(misses & (ids == 1), tf.zeros_like(ids), ids)


def background_only(image: tf.Tensor) -> tf.Tensor:
    return tf.zeros_like(image[..., 0])


def one_mask(image: tf.Tensor) -> tf.Tensor:
    """A car in the middle of every photo."""
    ids = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    ids[20:30, 15:35] = 1
    return tf.constant(ids) + 0 * image[..., 0]


def mean_mask(image: tf.Tensor) -> tf.Tensor:
    counts = empty_counts(3)
    for index in TRAIN:
        add_mask(counts, draw_mask(index))
    ids = mask_of_grid(best_constant_mask(counts, 0), SIDE_PX, SIDE_PX)
    return tf.constant(ids) + 0 * image[..., 0]
