"""One array becomes one record, mended where its source names an overlay."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.car_parts_carseg.drawn_carseg import (
    carseg_array,
    draw_carseg,
    jpeg,
    npy,
    overlay_rgb,
    part_values,
    photo_rgb,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.car_parts_carseg.array_listing import ArraySource
from tfds_builders.car_parts_carseg.array_reading import read_array

OVERLAY = "images/photo/with_segmentation/0031.jpg"


def source(name: str, overlay: str | None = None) -> ArraySource:
    kind, _, digits = name.rpartition("_")
    return ArraySource(
        path=f"arrays/{name}.npy",
        example_id=name,
        collection=kind,
        number=int(digits),
        split="train",
        overlay=overlay,
    )


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("name", "domain", "kind"),
    [("photo_0031", "photo", "photo"), ("black_5_doors_0001", "cad", "black_5_doors")],
)
def test_a_record_holds_the_arrays_own_pixels(
    tmp_path: Path, name: str, domain: str, kind: str
) -> None:
    record = read_array(source(name), folder=draw_carseg(tmp_path, [name]))

    assert (record.domain, record.source) == (domain, kind)
    assert record.example_id == record.group_id == name
    assert (record.height_px, record.width_px, record.orientation) == (48, 64, 1)
    np.testing.assert_array_equal(decoded(record.image), photo_rgb(name))
    assert list(record.masks) == ["parts"]
    np.testing.assert_array_equal(decoded(record.masks["parts"]), part_values() // 10)


def test_a_wrong_mask_is_mended_from_the_overlay(tmp_path: Path) -> None:
    wrong = part_values()
    wrong[4:24, 2:62] = 20
    array = npy(carseg_array("photo_0031", wrong))
    write(tmp_path / "arrays/photo_0031.npy", array)
    png = io.BytesIO()
    Image.fromarray(overlay_rgb("photo_0031")).save(png, "PNG")
    write(tmp_path / OVERLAY, png.getvalue())

    plain = read_array(source("photo_0031"), folder=tmp_path)
    mended = read_array(source("photo_0031", OVERLAY), folder=tmp_path)

    np.testing.assert_array_equal(decoded(plain.masks["parts"]), wrong // 10)
    np.testing.assert_array_equal(decoded(mended.masks["parts"]), part_values() // 10)
    assert mended.image == plain.image


@pytest.mark.parametrize(
    ("overlay", "sentence"),
    [
        (jpeg(overlay_rgb("a"))[:300], f"overlay '{OVERLAY}': cannot decode JPEG"),
        (jpeg(overlay_rgb("a")[:40]), "array's size 64 x 48, got 64 x 40; put"),
        (None, f"cannot read '{OVERLAY}': No such file"),
    ],
    ids=["cut", "size", "missing"],
)
def test_a_bad_overlay_is_named(
    tmp_path: Path, overlay: bytes | None, sentence: str
) -> None:
    write(tmp_path / "arrays/photo_0031.npy", npy(carseg_array("photo_0031")))
    if overlay is not None:
        write(tmp_path / OVERLAY, overlay)

    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        read_array(source("photo_0031", OVERLAY), folder=tmp_path)

    assert str(tmp_path) not in str(caught.value)
