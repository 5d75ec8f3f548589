"""COCO's run lengths, plain and compressed, there and back."""

from __future__ import annotations

import numpy as np
import pytest

from tfds_builders.mask_patch import patch_of
from tfds_builders.run_lengths import decode_rle, encode_rle


def compressed(runs: list[int]) -> str:
    """Writes COCO's text form: 5 bits a character, runs relative by two."""
    text = ""
    for index, run in enumerate(runs):
        value = run - runs[index - 2] if index > 2 else run
        more = True
        while more:
            bits, value = value & 31, value >> 5
            more = value != (-1 if bits & 16 else 0)
            text += chr(48 + bits + 32 * more)
    return text


@pytest.mark.parametrize("seed", range(10))
def test_runs_decode_to_the_mask_that_they_were_made_of(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = rng.random((13, 40)) < rng.choice([0.02, 0.5, 0.98])

    counts = encode_rle(patch_of(mask))["counts"]

    for form in (counts, tuple(counts), compressed(counts)):
        assert (decode_rle(form, height_px=13, width_px=40) == mask).all()


def test_runs_beyond_32_pixels_take_more_characters() -> None:
    # 6 = 0b00110 and 40 = 0b01000 with a further 1: chr(48+6), chr(48+8+32), chr(49).
    assert compressed([6, 40]) == "6X1"

    mask = decode_rle("6X1", height_px=46, width_px=1)

    assert mask[:, 0].tolist() == [False] * 6 + [True] * 40


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([3, 3], "add up to 2 x 4 pixels, got a sum of 6"),
        ([-1, 9], "0 or more"),
        ("6X", "middle of a number"),
        ("6 1", "characters 0 to o, got ' '"),
    ],
    ids=["too few", "negative", "cut off", "foreign character"],
)
def test_broken_runs_are_refused(counts: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode_rle(counts, height_px=4, width_px=2)  # type: ignore[arg-type]
