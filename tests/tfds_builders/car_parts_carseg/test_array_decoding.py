"""Arrays of any numeric type are read exactly; all else is refused by name."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest

from tests.tfds_builders.car_parts_carseg.drawn_carseg import (
    carseg_array,
    npy,
    part_values,
    photo_rgb,
    pickled,
)
from tfds_builders.car_parts_carseg.array_decoding import decode_array, to_class_ids

TYPES = ["u1", "<i2", ">i2", "<u4", "<i8", "<f2", "<f4", ">f8"]


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_numeric_type_gives_the_same_pixels(kind: str, order: str) -> None:
    array = carseg_array("photo_0001").astype(kind)

    found = decode_array(npy(np.asarray(array, order=order)), "a")

    assert found.image_rgb.dtype == found.part_values.dtype == np.uint8
    np.testing.assert_array_equal(found.image_rgb, photo_rgb("photo_0001"))
    np.testing.assert_array_equal(found.part_values, part_values())


def test_fractions_of_colours_are_rounded() -> None:
    array = carseg_array("a").astype(np.float32)
    array[0, 0, :3] = (127.4, 127.6, 254.9)

    found = decode_array(npy(array), "a")

    assert found.image_rgb[0, 0].tolist() == [127, 128, 255]


def test_every_value_has_its_class() -> None:
    values = np.arange(0, 100, 10, dtype=np.uint8)[None]

    assert to_class_ids(values).tolist() == [list(range(10))]


@pytest.mark.parametrize(
    ("value", "shown"), [(15, "15"), (100, "100"), (9.5, "9.5"), (-10, "-10")]
)
def test_an_unknown_part_is_refused_with_value_file_and_table(
    value: float, shown: str
) -> None:
    array = carseg_array("a").astype(np.float64)
    array[5, 5:8, 3] = value

    with pytest.raises(ValueError, match="0 background, 10 hood") as caught:
        decode_array(npy(array), "arrays/photo_0031.npy")

    assert f"got {shown} (3 pixels) in 'arrays/photo_0031.npy'" in str(caught.value)
    assert "90 rest_of_car" in str(caught.value)


def test_a_part_that_is_no_number_is_refused() -> None:
    array = carseg_array("a").astype(np.float32)
    array[1, 1, 3] = np.nan

    with pytest.raises(ValueError, match=r"got nan \(1 pixels\) in 'a'"):
        decode_array(npy(array), "a")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rgb: rgb * 4, r"of 0..255, got 240\.\.396 in 'a'; scale"),
        (lambda rgb: rgb - 90.0, r"of 0..255, got -30\.\.9 in 'a'; scale"),
        (lambda rgb: rgb * np.nan, r"of 0..255, got nan\.\.nan in 'a'; scale"),
        (lambda rgb: rgb / 99, r"got 0\.606061\.\.1 in 'a', which looks like 0\.\.1"),
    ],
    ids=["above", "below", "nan", "unit"],
)
def test_colours_out_of_range_are_refused(change: object, sentence: str) -> None:
    array = carseg_array("a").astype(np.float64)
    assert (array[..., :3].min(), array[..., :3].max()) == (60, 99)
    array[..., :3] = change(array[..., :3])  # type: ignore[operator]

    with pytest.raises(ValueError, match=sentence):
        decode_array(npy(array), "a")


def test_an_almost_black_picture_of_whole_numbers_is_a_picture() -> None:
    array = carseg_array("a")
    array[..., :3] = 1

    assert decode_array(npy(array), "a").image_rgb.max() == 1


def zipped(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez(out, array)
    return out.getvalue()


GOOD = npy(carseg_array("a"))
HUGE = GOOD.replace(b"(48, 64, 4)", b"(9999999, 9999999, 4)").replace(
    b" " * 18, b" " * 8, 1
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (npy(np.zeros((48, 64), np.uint8)), "[height, width, 4], got [48, 64] in 'a'"),
        (npy(np.zeros((48, 64, 3))), "[height, width, 4], got [48, 64, 3] in 'a'"),
        (npy(np.zeros((0, 64, 4))), "[height, width, 4], got [0, 64, 4] in 'a'"),
        (npy(np.zeros((2, 2, 4), bool)), "must hold numbers, got bool in 'a'"),
        (npy(np.zeros((2, 2, 4), complex)), "must hold numbers, got complex128"),
        (npy(np.full((2, 2, 4), "x")), "must hold numbers, got <U1 in 'a'"),
        (npy(np.full((2, 2, 4), None)), "must hold numbers, got object in 'a'"),
        (npy(np.zeros((2, 2, 4), [("é", "u1")])), "must hold numbers, got [("),
        (GOOD[:-1], f"must be whole, got {len(GOOD) - 1} bytes for uint8 [48, 64, 4]"),
        (GOOD[:40], "must be a NumPy array file (.npy), got 40 bytes that start with"),
        (HUGE, "must be whole, got"),
        (zipped(np.zeros(3)), "must be a NumPy array file (.npy)"),
        (b"", "must be a NumPy array file (.npy), got 0 bytes that start with b''"),
        (b"\x89PNG\r\n\x1a\n", "'a' must be a NumPy array file (.npy)"),
    ],
    ids=[
        "flat",
        "three",
        "empty",
        "bool",
        "complex",
        "text",
        "object",
        "record",
        "cut",
        "head",
        "huge",
        "zip",
        "none",
        "png",
    ],
)
def test_what_is_no_array_of_the_data_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        decode_array(data, "a")


def test_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"

    with pytest.raises(ValueError, match="must be a NumPy array file"):
        decode_array(pickled(marker), "a")

    assert not marker.exists()
