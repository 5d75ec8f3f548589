import itertools

import numpy as np
import pytest
import tensorflow as tf

from components.model_gate.mean_mask import (
    add_mask,
    best_constant_mask,
    empty_counts,
)
from components.segmentation_metrics.class_names import ClassNames


def count(masks, num_classes=2):
    counts = empty_counts(num_classes)
    for mask in masks:
        add_mask(counts, mask)
    return counts


def square(top, left, side=16):
    mask = np.zeros((64, 64), np.uint8)
    mask[top : top + side, left : left + side] = 1
    return mask


def test_masks_that_agree_are_their_own_mean():
    mask = square(10, 20)
    assert (best_constant_mask(count([mask] * 3), 0) == mask).all()


def test_a_rare_place_is_better_guessed_than_left_out():
    # Two of five show a square: the majority is all background and scores 0.
    masks = [square(8, 8)] * 2 + [np.zeros((64, 64), np.uint8)] * 3
    assert (best_constant_mask(count(masks), 0) == square(8, 8)).all()


def test_without_a_background_the_majority_is_taken():
    masks = [np.full((64, 64), value, np.uint8) for value in (2, 2, 1)]
    assert (best_constant_mask(count(masks, 3), None) == 2).all()


def test_void_is_counted_nowhere():
    mask = square(0, 0)
    mask[32:] = 255
    counts = count([mask])
    assert counts.sum() == 32 * 64 and counts[:, :, 1].sum() == 16 * 16


def test_no_mask_at_all_gives_some_mask():
    assert best_constant_mask(empty_counts(2), 0).shape == (64, 64)


@pytest.mark.integration
def test_the_score_is_that_of_the_plain_loops(tmp_path):
    from components.model_gate.measure_mean_mask import measure_mean_mask
    from tests.components.segmentation_metrics.plain_loops import oracle
    from tests.components.segmentation_metrics.rule_models import (
        draw_pair,
        write_records,
    )
    from tests.drawn_squares import SQUARES

    write_records(tmp_path / "train.gz", range(4))
    write_records(tmp_path / "test.gz", range(10, 13))
    found = measure_mean_mask(
        train_files=[str(tmp_path / "train.gz")],
        test_files=[str(tmp_path / "test.gz")],
        task="square",
        taxonomy=SQUARES.to_dict(),
        work_dir=str(tmp_path),
    )
    grid = best_constant_mask(count([draw_pair(index)[1] for index in range(4)]), 0)
    truths = [draw_pair(index)[1] for index in range(10, 13)]
    predictions = [cut_out(grid, *truth.shape) for truth in truths]
    expected = oracle(truths, predictions, ("background", "square"))
    assert found.foreground_miou == pytest.approx(expected["foreground_miou"], abs=1e-9)
    assert 0.1 < found.foreground_miou < 0.9
    assert (found.train_examples, found.test_examples) == (4, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["test.gz", "train.gz"]


def cut_out(grid, height, width):
    """Pixel by pixel: the letterbox of design.md, read back at the pixel's centre."""
    scale = min(64 / height, 64 / width)
    inner_height, inner_width = round(height * scale), round(width * scale)
    top, left = (64 - inner_height) // 2, (64 - inner_width) // 2
    mask = np.zeros((height, width), np.uint8)
    for y in range(height):
        for x in range(width):
            mask[y, x] = grid[
                top + int((y + 0.5) * inner_height / height),
                left + int((x + 0.5) * inner_width / width),
            ]
    return mask


def test_the_mean_mask_does_not_depend_on_the_order_of_merging():
    from components.model_gate.measure_mean_mask import CountCells

    combine = CountCells(ClassNames(names=("background", "car"), background_id=0))
    masks = [square(8, 8), square(8, 8), square(30, 30, side=8)]
    empty = combine.create_accumulator()
    for order in itertools.permutations(masks):
        parts = [
            combine.add_input(combine.create_accumulator(), mask) for mask in order
        ]
        first = combine.merge_accumulators([empty, *parts[:2]])
        whole = combine.merge_accumulators([parts[2], first, empty])
        mean, number = combine.extract_output(whole)
        assert number == 3 and (mean == square(8, 8)).all()
    assert combine.extract_output(combine.merge_accumulators([]))[1] == 0


def test_a_record_without_the_mask_is_left_out():
    from components.model_gate.measure_mean_mask import read_mask
    from tfds_builders.png_encoding import encode_mask_png

    png = encode_mask_png(square(0, 0))
    features = {
        "mask/car": tf.train.Feature(bytes_list=tf.train.BytesList(value=[png]))
    }
    example = tf.train.Example(features=tf.train.Features(feature=features))
    (mask,) = read_mask(example.SerializeToString(), "mask/car")
    assert (mask == square(0, 0)).all()
    assert read_mask(example.SerializeToString(), "mask/parts") == []


def test_an_empty_split_has_no_score(tmp_path):
    from components.model_gate.measure_mean_mask import measure_mean_mask

    found = measure_mean_mask(
        train_files=[],
        test_files=["x"],
        task="square",
        taxonomy={},
        work_dir=str(tmp_path),
    )
    assert np.isnan(found.foreground_miou)
