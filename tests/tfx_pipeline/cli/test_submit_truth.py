"""Dice of a mask against the truth beside it."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tfx_pipeline.cli import submit_truth
from tfx_pipeline.cli.submit_truth import dice, read_truth


@pytest.mark.parametrize("seed", range(6))
def test_dice_is_what_a_loop_counts(seed: int) -> None:
    random = np.random.default_rng(seed)
    first, second = random.random((2, 6, 9)) < 0.1 * seed

    common = total = 0
    for one, other in zip(first.ravel(), second.ravel(), strict=True):
        common += bool(one) and bool(other)
        total += int(one) + int(other)
    assert dice(first, second) == (2 * common / total if total else 1.0)


@pytest.mark.parametrize(
    ("name", "values"), [("a_mask.gif", (0, 1)), ("a_mask.png", (0, 255))]
)
def test_a_true_mask_is_found_by_the_photos_name(
    tmp_path: Path, name: str, values: tuple[int, int]
) -> None:
    right = np.random.default_rng(3).random((5, 8)) < 0.5
    pixels = np.where(right, values[1], values[0]).astype(np.uint8)
    image = Image.fromarray(pixels)
    if name.endswith(".gif"):
        image.putpalette([0, 0, 0, 255, 255, 255])
    image.save(tmp_path / name)

    found = read_truth(tmp_path, "a.jpg", (5, 8))

    assert found is not None
    np.testing.assert_array_equal(found, right)
    assert read_truth(tmp_path, "b.jpg", (5, 8)) is None
    with pytest.raises(ValueError, match=r"photo's size \(8, 5\), got \(5, 8\)"):
        read_truth(tmp_path, "a.jpg", (8, 5))


def test_a_damaged_mask_is_named(tmp_path: Path) -> None:
    (tmp_path / "a_mask.gif").write_bytes(b"GIF89a")

    with pytest.raises(ValueError, match=r"a_mask\.gif"):
        read_truth(tmp_path, "a.jpg", (5, 8))


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(submit_truth) == (0, 1)
