"""`carseg data build|audit|preview` on drawn photos."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.tfds_builders.car_damage_aihub.drawn_tree import draw_tree, stems
from tests.tfds_builders.car_parts_carseg.drawn_carseg import draw_carseg
from tests.tfds_builders.folder_masks.drawn_folder import draw_folder
from tfx_pipeline.cli.main import main

pytestmark = pytest.mark.integration


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return draw_folder(tmp_path / "photos", [f"car_{index}" for index in range(12)])


def data(
    capsys: pytest.CaptureFixture[str], action: str, folder: Path, *arguments: str
) -> tuple[int, dict[str, Any], str]:
    code = main(
        [
            "data",
            action,
            "folder_masks",
            f"--manual-dir={folder}",
            f"--data-dir={folder.parent / 'data'}",
            "--json",
            *arguments,
        ]
    )
    captured = capsys.readouterr()
    return code, json.loads(captured.out) if captured.out else {}, captured.err


def test_a_build_says_what_the_dataset_holds(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, summary, _ = data(capsys, "build", folder)

    assert code == 0
    assert {name: split["examples"] for name, split in summary["splits"].items()} == {
        "train": 8,
        "eval": 2,
        "test": 2,
    }
    assert summary["splits"]["train"]["groups"] == 8
    assert len(summary["classes"]) == 3
    assert summary["skipped"] == []
    assert isinstance(summary["findings"], list)
    assert Path(summary["audit"]).is_file()


def test_a_build_counts_instances_of_all_tasks_and_names_the_tasks_pairs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = draw_tree(tmp_path / "user", stems(10))
    command = [
        *("data", "build", "car_damage_aihub", "--task=parts34"),
        *(f"--manual-dir={tree}", f"--data-dir={tmp_path / 'data'}"),
    ]

    assert main([*command, "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert main(command) == 0
    text = capsys.readouterr().out

    assert summary["instances"] == {
        "damage_binary": {},
        "damage4": {"Scratched": 10},
        "parts34": {"Front bumper": 10},
        "parts21": {},
    }
    assert summary["drawn_on"] == {"upright": 10, "stored": 0, "undecided": 0}
    assert len(summary["side_pairs"]) == 13
    assert ["Front door(L)", "Front door(R)"] in summary["side_pairs"]
    assert "Front door(L) / Front door(R), " in text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "instances: damage4: Scratched 10" in lines
    assert "parts34: Front bumper 10" in lines
    assert (
        "drawn on: upright photo 10, stored pixels 0, undecided (taken as upright) 0"
    ) in lines


def test_a_build_says_where_landscapes_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = draw_carseg(tmp_path / "user")
    command = [
        *("data", "build", "car_parts_carseg"),
        *(f"--manual-dir={folder}", f"--data-dir={tmp_path / 'data'}"),
    ]

    assert main([*command, "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert main(command) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]

    landscapes = summary["lists"]["landscapes"]
    assert landscapes["files"] == 2
    assert json.loads(Path(landscapes["list"]).read_text("utf-8")) == [
        "images/landscapes/0001.jpg",
        "images/landscapes/0002.jpg",
    ]
    assert f"landscapes: 2, listed in {landscapes['list']}" in lines
    assert "instances: none" in lines
    assert "side pairs: none" in lines


def test_an_audit_of_refused_data_ends_with_three(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bound = "--set=audit.min_examples_per_split=5"

    assert data(capsys, "build", folder, bound)[0] == 0
    code, summary, _ = data(capsys, "audit", folder, bound)

    assert code == 3
    assert not summary["blessed"]
    assert summary["reasons"]


def test_a_preview_is_a_picture_of_the_asked_split(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder.parent / "sheet.png"

    code, summary, _ = data(
        capsys, "preview", folder, f"--out={path}", "--split=test", "--count=5"
    )

    assert code == 0
    assert summary["pictures"] == 2
    assert Image.open(path).size[0] > 500


@pytest.mark.parametrize(
    ("policy", "copies", "told"),
    [
        (["--augment"], ["--copies=2"], ("configured", 2)),
        (["--augment", "carvana"], [], ("carvana", 4)),
    ],
    ids=["configured", "carvana"],
)
def test_a_preview_of_copies_has_one_card_per_picture_at_the_models_size(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    policy: list[str],
    copies: list[str],
    told: tuple[str, int],
) -> None:
    path = folder.parent / "copies.png"
    size = ["--set=prepare.height_px=16", "--set=prepare.width_px=32"]

    arguments = [*policy, *copies, *size, f"--out={path}", "--split=test"]
    code, summary, _ = data(capsys, "preview", folder, *arguments)

    assert code == 0
    assert (summary["policy"], summary["copies"]) == told
    assert summary["pictures"] == 2
    # Cells of 176 x 88 with gaps of 6; cards of up to 1104 stand side by side.
    per_row = max(1, 1104 // ((told[1] + 1) * 182 + 6))
    width, height = Image.open(path).size
    assert width == per_row * ((told[1] + 1) * 182 + 6)
    rows = 2 // per_row if per_row < 2 else 1
    card_px = 2 * 88 + 6 + 16 + 6
    assert rows * card_px < height < (rows + 0.5) * card_px


def test_a_configured_policy_by_name_is_the_one_that_is_drawn(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named, chosen = folder.parent / "named.png", folder.parent / "chosen.png"

    data(capsys, "preview", folder, "--augment=carvana", f"--out={named}")
    setting = "--set=prepare.augment=carvana"
    data(capsys, "preview", folder, setting, "--augment", f"--out={chosen}")

    assert named.read_bytes() == chosen.read_bytes()


def test_an_empty_folder_is_answered_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    code, _, errors = data(capsys, "build", empty)

    assert code == 2
    assert "must hold taxonomy.yaml" in errors.strip().splitlines()[-1]
