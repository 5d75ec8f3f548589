from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tfx_pipeline.training.drawn_splits import tiny, write_split
from tfx_pipeline.training.splits import Splits, read_splits


def splits(
    folder: Path, train: int = 10, evaluated: int = 5, **training: Any
) -> Splits:
    return read_splits(
        [write_split(folder, "train", train, copies=1)],
        [write_split(folder, "eval", evaluated, copies=1)],
        tiny(**training),
    )


@pytest.mark.parametrize(
    ("bounds", "steps"),
    [
        ({}, (5, 2)),
        ({"max_steps_per_epoch": 3, "max_eval_steps": 1}, (3, 1)),
        ({"max_steps_per_epoch": 99, "max_eval_steps": 99}, (5, 2)),
    ],
    ids=["whole", "cut", "wide"],
)
def test_steps_are_whole_batches_of_training_and_all_of_evaluation(
    tmp_path: Path, bounds: dict[str, int], steps: tuple[int, int]
) -> None:
    found = splits(tmp_path, **bounds)

    assert (found.steps_per_epoch, found.eval_steps) == steps
    assert found.total_steps == 3 * steps[0]
    assert sum(1 for _ in found.stream(0, 0)) == 3 * steps[0]
    evaluated = sum(len(images) for images, _ in found.evaluation())
    assert evaluated == min(5, 4 * steps[1])


def test_a_stream_goes_on_inside_an_epoch_that_is_cut_short(tmp_path: Path) -> None:
    found = splits(tmp_path, max_steps_per_epoch=3)
    whole = [images.numpy() for images, _ in found.stream(0, 0)]
    rest = [images.numpy() for images, _ in found.stream(1, 2)]

    assert len(whole) == 9
    np.testing.assert_array_equal(rest, whole[5:])
    assert (whole[0] != whole[3]).any()


def test_samples_are_the_first_pictures_of_the_eval_split(tmp_path: Path) -> None:
    found = splits(tmp_path)
    images, mask_ids = found.samples(4)

    assert images.shape == (4, 32, 32, 3)
    first, _ = next(iter(found.evaluation()))
    np.testing.assert_array_equal(images, first)
    assert set(np.unique(mask_ids)) == {0, 1}
    assert len(found.samples(99)[0]) == 5


def test_a_split_without_pictures_is_refused(tmp_path: Path) -> None:
    train = write_split(tmp_path, "train", 4)
    nothing = str(tmp_path / "missing" / "*")

    with pytest.raises(
        ValueError, match=r"the train split holds no picture \(.*missing"
    ):
        read_splits([nothing], [train], tiny())
    with pytest.raises(
        ValueError, match=r"the eval split holds no picture \(.*missing"
    ):
        read_splits([train], [nothing], tiny())
    with pytest.raises(ValueError, match="the eval split holds no picture"):
        read_splits([train], [write_split(tmp_path, "eval", 0)], tiny())


def test_fewer_pictures_than_a_batch_are_refused(tmp_path: Path) -> None:
    sentence = "batch_size must be at most 6, the pictures of the train split"

    with pytest.raises(ValueError, match=sentence):
        splits(tmp_path, train=3, batch_size=7)
