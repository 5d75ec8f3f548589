"""Where a photo was taken never reaches a byte that is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.drawn_files import write
from tests.tfds_builders.drawn_photos import encode
from tests.tfds_builders.folder_masks.drawn_folder import (
    HEIGHT,
    WIDTH,
    draw_folder,
)
from tfds_builders.folder_masks.folder_masks_dataset_builder import Builder

GPS_IFD = 0x8825
GPS_POINTER = GPS_IFD.to_bytes(2, "big")
PLACE = b"52.51627N 13.37771E"


def photo_with_place(kind: str) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (52.0, 30.0, 58.5), 0x1B: PLACE})
    rgb = np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    return encode(Image.fromarray(rgb), kind, exif=exif.tobytes())


def written(folder: Path) -> bytes:
    return b"".join(
        path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    )


def build(folder: Path, out: Path, *, keep_metadata: bool) -> bytes:
    Builder(
        data_dir=str(out), manual_dir=str(folder), keep_metadata=keep_metadata
    ).download_and_prepare()
    return written(out)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_place_in_a_photo_is_not_written(tmp_path: Path, kind: str) -> None:
    folder = draw_folder(tmp_path / "photos", [f"car_{index}" for index in range(4)])
    (folder / "images" / "car_1.jpg").unlink()
    photo = photo_with_place(kind)
    write(folder / "images" / f"car_1.{kind.lower()}", photo)
    assert PLACE in photo

    stored = build(folder, tmp_path / "out", keep_metadata=False)

    assert PLACE not in stored
    assert b"Exif\0\0" not in stored
    assert b"eXIf" not in stored


def test_a_place_is_kept_where_the_configuration_says_so(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "photos", [f"car_{index}" for index in range(4)])
    write(folder / "images" / "car_1.jpg", photo_with_place("JPEG"))

    stored = build(folder, tmp_path / "out", keep_metadata=True)

    assert PLACE in stored
    assert GPS_POINTER in stored
