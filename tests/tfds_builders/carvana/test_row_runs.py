import numpy as np
import pytest

from tests.tfds_builders.carvana.drawn_carvana import plain_runs
from tfds_builders.carvana.row_runs import decode_runs, encode_runs

# How Kaggle's row of 00087a6bd4dc_01 begins, for a picture of 1918 x 1280.
PUBLISHED = "879386 40 881253 141 883140 205 885009 17"


def test_the_published_row_lands_where_its_numbers_say() -> None:
    mask = decode_runs(PUBLISHED, height_px=1280, width_px=1918)

    assert (mask.shape, mask.dtype, int(mask.sum())) == ((1280, 1918), np.uint8, 403)
    # 879386 is pixel 879385 counted from 0: 458 whole rows of 1918, and 941 more.
    rows = np.flatnonzero(mask.any(axis=1)).tolist()
    assert rows == [458, 459, 460, 461]
    for row, first, length in ((458, 941, 40), (459, 890, 141), (461, 810, 17)):
        columns = np.flatnonzero(mask[row])
        assert (columns[0], columns[-1]) == (first, first + length - 1)
    assert encode_runs(mask) == PUBLISHED


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_any_mask_comes_back_and_is_written_as_a_plain_loop_does(share: float) -> None:
    rng = np.random.default_rng(int(share * 10))
    for shape in ((1, 1), (7, 5), (5, 7), (1, 40)):
        mask = (rng.random(shape) < share).astype(np.uint8)
        runs = encode_runs(mask)
        assert runs == plain_runs(mask)
        height, width = shape
        restored = decode_runs(runs, height_px=height, width_px=width)
        np.testing.assert_array_equal(restored, mask)


def test_any_value_but_zero_and_any_type_is_the_car() -> None:
    for dtype in (np.bool_, np.uint8, np.int64, np.float32):
        assert encode_runs(np.array([[0, 1], [1, 1]]).astype(dtype)) == "2 3"
    assert encode_runs(np.array([[0, 255], [255, 0]], np.uint8)) == "2 2"


def test_empty_text_is_a_picture_without_a_car() -> None:
    assert not decode_runs("", height_px=2, width_px=3).any()
    assert encode_runs(np.zeros((2, 3))) == ""


def test_runs_that_touch_are_no_overlap() -> None:
    mask = decode_runs("1 2 3 1", height_px=2, width_px=2)
    assert mask.tolist() == [[1, 1], [1, 0]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "1 2 3",
            "run lengths must be pairs of start and length, got an odd count of 3"
            " numbers; fetch the table again",
        ),
        ("1 two", "run lengths must be whole numbers, got 'two'; fetch"),
        ("1 2.0", "run lengths must be whole numbers, got '2.0'; fetch"),
        ("-1 2", "run lengths must be whole numbers, got '-1'; fetch"),
        ("1 1_0", "run lengths must be whole numbers, got '1_0'; fetch"),
        ("1 \uff12", "run lengths must be whole numbers, got '\uff12'; fetch"),
        ("1 " + "9" * 60, "run lengths must be whole numbers, got '" + "9" * 40 + "'"),
        ("3 0", "runs must hold a pixel or more, got start 3 and length 0; fetch"),
        (
            "0 2",
            "runs must lie within 1..12 (the picture is 4 x 3), got start 0 and length"
            " 2; fetch the table again",
        ),
        ("2 1 12 2", "runs must lie within 1..12 (the picture is 4 x 3), got start 12"),
        ("1 999999999999999999", "runs must lie within 1..12 (the picture is 4 x 3), "),
        ("1 3 3 2", "runs must rise and not overlap, got start 3 and length 2; fetch"),
        ("5 2 1 2", "runs must rise and not overlap, got start 1 and length 2; fetch"),
    ],
    ids=[
        "odd-count",
        "word",
        "fraction",
        "negative",
        "underscore",
        "wide-digit",
        "too-many-digits",
        "empty-run",
        "zero-based",
        "beyond",
        "far-beyond",
        "overlap",
        "falling",
    ],
)
def test_bad_runs_are_one_line(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        decode_runs(text, height_px=3, width_px=4)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
