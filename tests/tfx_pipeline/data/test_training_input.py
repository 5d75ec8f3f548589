from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from tfx_pipeline.config.augment import CARVANA, AugmentConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.data import epoch_order
from tfx_pipeline.data.epoch_order import count_records, read_shuffled
from tfx_pipeline.data.training_input import (
    eval_dataset,
    training_dataset,
    training_stream,
)

SIZE = 16
PLAIN = PrepareConfig(
    height_px=SIZE, width_px=SIZE, augment=AugmentConfig(where="transform")
)
FRESH = PrepareConfig(
    height_px=SIZE,
    width_px=SIZE,
    augment=replace(CARVANA, where="trainer", brightness=0.2),
)
Batches = list[tuple[np.ndarray, np.ndarray]]


def write_rows(
    folder: Path, rows: int = 23, *, files: int = 3, gz: bool = True
) -> list[str]:
    """Pictures whose red is five times the row's number; each second is a copy."""
    paths = [
        folder / f"part-{index:05d}{'.gz' if gz else ''}" for index in range(files)
    ]
    options = "GZIP" if gz else None
    writers = [tf.io.TFRecordWriter(str(path), options) for path in paths]
    for row in range(rows):
        writers[row % files].write(example(row))
    for writer in writers:
        writer.close()
    return [str(path) for path in paths]


def example(row: int) -> bytes:
    rows, columns = np.mgrid[:SIZE, :SIZE] * 8
    pixels = [np.full((SIZE, SIZE), row * 5), columns, rows]
    image = tf.constant(np.stack(pixels, axis=-1), tf.uint8)
    mask = tf.fill([SIZE, SIZE, 1], tf.cast(row % 2, tf.uint8))
    texts = {
        "image": tf.io.encode_png(image).numpy(),
        "mask": tf.io.encode_png(mask).numpy(),
        "example_id": f"row_{row // 2}".encode(),
    }
    features = {
        name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
        for name, value in texts.items()
    }
    features["copy"] = tf.train.Feature(int64_list=tf.train.Int64List(value=[row % 2]))
    features_proto = tf.train.Features(feature=features)
    return tf.train.Example(features=features_proto).SerializeToString()


def batches(dataset: tf.data.Dataset) -> Batches:
    return list(dataset.as_numpy_iterator())


def epoch(files: list[str], config: PrepareConfig = PLAIN, **changes: Any) -> Batches:
    arguments: dict[str, Any] = {
        "batch_size": 4,
        "seed": 3,
        "epoch": 0,
        "flip_ids": (0, 1),
        "window": 8,
    }
    return batches(training_dataset(files, config, **(arguments | changes)))


def order(found: Batches) -> list[int]:
    return [int(value) // 5 for images, _ in found for value in images[:, 0, 0, 0]]


def assert_equal(left: Batches, right: Batches) -> None:
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


@pytest.mark.parametrize("gz", [True, False], ids=["gzip", "plain"])
def test_an_epoch_holds_every_row_once_in_another_order(
    tmp_path: Path, gz: bool
) -> None:
    files = write_rows(tmp_path, gz=gz)
    found = epoch(files, drop_remainder=False)
    assert sorted(order(found)) == list(range(23))
    assert order(found) != list(range(23))
    assert [len(images) for images, _ in found] == [4, 4, 4, 4, 4, 3]
    images, masks = found[0]
    assert images.dtype == masks.dtype == np.uint8
    assert images.shape == (4, SIZE, SIZE, 3)
    np.testing.assert_array_equal(masks[:, 0, 0], images[:, 0, 0, 0] // 5 % 2)
    assert len(epoch(files)) == 5
    assert count_records(files) == 23


def test_the_order_is_a_function_of_seed_and_epoch_only(tmp_path: Path) -> None:
    files = write_rows(tmp_path)
    first = order(epoch(files))
    tf.random.set_seed(12345)
    assert order(epoch(files[::-1], parallel_calls=1)) == first
    orders = [first, order(epoch(files, epoch=1)), order(epoch(files, seed=4))]
    assert len({tuple(entry) for entry in orders}) == 3


@pytest.mark.parametrize("config", [PLAIN, FRESH], ids=["plain", "augmented"])
@pytest.mark.parametrize("step", [0, 1, 3, 5, 6, 9])
def test_from_step_k_on_is_the_tail_of_the_epoch(
    tmp_path: Path, step: int, config: PrepareConfig
) -> None:
    files = write_rows(tmp_path)
    whole = epoch(files, config, drop_remainder=False)
    rest = epoch(files, config, drop_remainder=False, start_step=step)
    assert_equal(rest, whole[step:])


def test_any_number_of_threads_gives_the_same_batches(tmp_path: Path) -> None:
    files = write_rows(tmp_path)
    one = epoch(files, FRESH, parallel_calls=1)
    assert_equal(epoch(files, FRESH, parallel_calls=4), one)


def test_each_epoch_draws_each_picture_anew_only_where_the_trainer_augments(
    tmp_path: Path,
) -> None:
    files = write_rows(tmp_path, rows=12)

    def pictures(config: PrepareConfig, number: int) -> set[bytes]:
        found = epoch(files, config, epoch=number, drop_remainder=False)
        return {image.tobytes() for images, _ in found for image in images}

    assert pictures(PLAIN, 0) == pictures(PLAIN, 1)
    assert len(pictures(FRESH, 0) & pictures(FRESH, 1)) == 0


def test_a_stream_is_its_epochs_and_resumes_in_the_middle_of_one(
    tmp_path: Path,
) -> None:
    files = write_rows(tmp_path)
    whole = [
        batch for number in range(3) for batch in epoch(files, FRESH, epoch=number)
    ]

    def stream(**place: int) -> Batches:
        return batches(
            training_stream(
                files,
                FRESH,
                batch_size=4,
                seed=3,
                epochs=3,
                flip_ids=(0, 1),
                window=8,
                **place,
            )
        )

    assert len(whole) == 15
    assert_equal(stream(), whole)
    assert_equal(stream(start_epoch=1, start_step=2), whole[7:])
    assert_equal(stream(start_epoch=2), whole[10:])


def test_a_window_bounds_how_far_a_record_travels_within_one_file(
    tmp_path: Path,
) -> None:
    files = write_rows(tmp_path, rows=40, files=1)
    read = [
        int(tf.io.decode_png(row["image"])[0, 0, 0]) // 5
        for row in read_shuffled(files, seed=0, epoch=0, window=10).map(
            lambda record: tf.io.parse_single_example(
                record, {"image": tf.io.FixedLenFeature([], tf.string)}
            )
        )
    ]
    for start in range(0, 40, 10):
        assert sorted(read[start : start + 10]) == list(range(start, start + 10))
        assert read[start : start + 10] != list(range(start, start + 10))


def test_files_are_read_in_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epoch_order, "FILES_AT_A_TIME", 2)
    files = write_rows(tmp_path, rows=40, files=2)
    first = order(epoch(files, window=10))[:10]
    assert {row % 2 for row in first} == {0, 1}


def test_evaluation_reads_plain_pictures_in_order_and_never_augments(
    tmp_path: Path,
) -> None:
    files = write_rows(tmp_path, rows=9, files=2)
    found = batches(eval_dataset(files, FRESH, batch_size=3))
    assert order(found) == [0, 2, 4, 6, 8]
    assert [len(images) for images, _ in found] == [3, 2]
    for images, _ in found:
        for image in images:
            assert (image[..., 0] == image[0, 0, 0]).all()
            np.testing.assert_array_equal(image[0, :, 1], np.arange(SIZE) * 8)


def test_the_end_of_an_iterator_waits_for_no_tuning_thread(tmp_path: Path) -> None:
    files = write_rows(tmp_path)
    stream = training_stream(
        files, PLAIN, batch_size=4, seed=3, epochs=1, flip_ids=(0, 1)
    )
    evaluation = eval_dataset(files, PLAIN, batch_size=3)
    for dataset in (stream, evaluation, evaluation.take(1)):
        assert dataset.options().autotune.enabled is False


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_size": 0}, "batch_size must be 1 or more, got 0"),
        ({"window": 0}, "window must be 1 or more, got 0"),
        ({"start_step": -1}, "start_step must be 0 or more, got -1"),
    ],
    ids=str,
)
def test_impossible_counts_are_refused(changes: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        epoch(["a.gz"], **changes)


@pytest.mark.parametrize("files", [[], ["a.gz", "b"]], ids=["none", "mixed"])
def test_no_files_or_a_mix_of_kinds_is_refused(files: list[str]) -> None:
    with pytest.raises(ValueError, match="all gzip or all plain, got"):
        epoch(files)


def test_a_picture_of_another_size_than_configured_is_refused(tmp_path: Path) -> None:
    files = write_rows(tmp_path, rows=4, files=1)
    other = PrepareConfig(height_px=32, width_px=32)
    with pytest.raises(tf.errors.InvalidArgumentError, match="not compatible"):
        batches(eval_dataset(files, other, batch_size=2))
