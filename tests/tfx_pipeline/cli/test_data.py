"""`carseg data build|audit|preview` on drawn photos."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

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


def test_an_empty_folder_is_answered_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    code, _, errors = data(capsys, "build", empty)

    assert code == 2
    assert "must hold taxonomy.yaml" in errors.strip().splitlines()[-1]
