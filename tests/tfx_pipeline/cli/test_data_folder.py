"""A folder that does not hold the dataset is a wrong request, whatever the dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfx_pipeline.cli.main import main

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    "name",
    [
        "car_damage_aihub",
        "car_damage_small",
        "car_parts_carseg",
        "carvana",
        "cityscapes_image_pairs",
        "coco_cars",
        "coco_cars/dsmlr_parts",
        "folder_masks",
    ],
)
@pytest.mark.parametrize("is_empty", [True, False], ids=["empty", "other-files"])
def test_a_wrong_folder_is_exit_code_two_in_one_line(
    name: str, is_empty: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    if not is_empty:
        (folder / "notes.txt").write_text("of something else")
    arguments = [f"--manual-dir={folder}", f"--data-dir={tmp_path / 'data'}"]

    assert main(["data", "build", name, *arguments]) == 2

    *_, last = capsys.readouterr().err.splitlines()
    assert last.startswith("carseg: ")
    assert "; " in last
