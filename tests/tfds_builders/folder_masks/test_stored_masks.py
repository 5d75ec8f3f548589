"""A mask that is already what the record wants travels on as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.tfds_builders.drawn_files import write
from tests.tfds_builders.drawn_photos import encode
from tests.tfds_builders.folder_masks.drawn_folder import (
    draw_folder,
    mask_ids,
    png,
)
from tfds_builders.folder_masks.folder_masks_dataset_builder import Builder
from tfds_builders.folder_masks.mask_code import MaskCode
from tfds_builders.folder_masks.mask_decoding import decode_mask, holds_class_ids

KEEPS = MaskCode(ids_by_value={0: 0, 1: 1, 2: 2, 255: 255}, ids_by_rgb={})
RENAMES = MaskCode(ids_by_value={0: 0, 10: 1, 20: 2, 255: 255}, ids_by_rgb={})
IDS = mask_ids()


@pytest.mark.parametrize(
    ("data", "code", "holds"),
    [
        (png(IDS), KEEPS, True),
        (png(IDS), RENAMES, False),
        (encode(Image.fromarray(IDS), "GIF"), KEEPS, False),
        (encode(Image.fromarray(IDS).convert("RGB"), "PNG"), KEEPS, False),
        (encode(Image.fromarray(IDS).convert("P"), "PNG"), KEEPS, False),
        (encode(Image.fromarray(IDS), "PNG", transparency=0), KEEPS, False),
        (png(IDS.astype(np.uint16)), KEEPS, False),
    ],
    ids=["ids", "other_values", "gif", "rgb", "palette", "transparent", "16_bit"],
)
def test_only_an_eight_bit_grey_png_of_ids_is_kept(
    data: bytes, code: MaskCode, holds: bool
) -> None:
    assert holds_class_ids(data, code) is holds


def test_values_are_renamed_by_table() -> None:
    renamed = decode_mask(png(IDS * 10), RENAMES, "a")

    assert np.array_equal(renamed, IDS)
    assert renamed.dtype == np.uint8


def test_a_kept_mask_loses_its_text(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "photos", [f"car_{index}" for index in range(4)])
    text = PngImagePlugin.PngInfo()
    text.add_text("Location", "52.5200N")
    write(
        Path(folder, "masks", "car_0.png"),
        encode(Image.fromarray(mask_ids(1)), "PNG", pnginfo=text),
    )
    builder = Builder(data_dir=str(folder.parent / "data"), manual_dir=str(folder))
    builder.download_and_prepare()

    stored = b"".join(path.read_bytes() for path in Path(builder.data_dir).iterdir())

    assert b"52.5200N" in (folder / "masks" / "car_0.png").read_bytes()
    assert b"52.5200N" not in stored
