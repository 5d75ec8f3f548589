"""The contact sheet shows photo, mask in its colours and overlay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.drawn_squares import SQUARES, Builder
from tfx_pipeline.data.contact_sheet import (
    VOID_RGB,
    color_mask,
    overlay,
    write_contact_sheet,
)
from tfx_pipeline.data.sheet_layout import CELL_PX, GAP_PX

COLORS = {0: (0, 0, 0), 1: (200, 30, 30)}


def test_ids_become_their_colours_and_void_magenta() -> None:
    mask = np.array([[0, 1, 255]], np.uint8)

    assert color_mask(mask, COLORS).tolist() == [
        [[0, 0, 0], [200, 30, 30], [*VOID_RGB]]
    ]


def test_an_overlay_tints_all_but_the_background() -> None:
    photo = np.full((1, 2, 3), 100, np.uint8)
    mask = np.array([[0, 1]], np.uint8)

    assert overlay(photo, mask, COLORS, 0).tolist() == [[[100] * 3, [150, 65, 65]]]
    assert overlay(photo, mask, COLORS, None).tolist()[0][0] == [50] * 3


def test_a_sheet_holds_every_asked_record(tmp_path: Path) -> None:
    builder = Builder(data_dir=str(tmp_path / "data"))
    builder.download_and_prepare()
    files = [Path(path) for path in builder.info.splits["train"].filepaths]
    path = tmp_path / "out" / "sheet.png"

    drawn = write_contact_sheet(
        files, task="square", taxonomy=SQUARES.to_dict(), count=3, path=path
    )

    sheet = np.asarray(Image.open(path).convert("RGB"))
    mask_left = GAP_PX + CELL_PX + GAP_PX
    mask = sheet[GAP_PX : GAP_PX + CELL_PX, mask_left : mask_left + CELL_PX]
    assert drawn == 3
    # 14 of 32 pixels square, scaled up without blending: two colours, a known share.
    assert {tuple(rgb) for rgb in mask.reshape(-1, 3)} == set(COLORS.values())
    assert np.mean(mask[..., 0] == 200) == pytest.approx((14 / 32) ** 2, abs=0.01)
    assert [entry.name for entry in path.parent.iterdir()] == ["sheet.png"]


def test_a_split_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no record to draw"):
        write_contact_sheet(
            [],
            task="square",
            taxonomy=SQUARES.to_dict(),
            count=3,
            path=tmp_path / "sheet.png",
        )
