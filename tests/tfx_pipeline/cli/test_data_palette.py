"""`carseg data palette`: a table and a picture of the colours of a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tfx_pipeline.cli.main import main

BUMPER, DOOR, GREY = (249, 9, 250), (19, 98, 19), (90, 90, 90)


def draw_mask(path: Path, colors: list[tuple[int, int, int]]) -> Path:
    """Draws equal stripes of the colours, 8 x 10 pixels each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    row = np.repeat(np.array([colors], np.uint8), 8, axis=1)
    Image.fromarray(np.repeat(row, 10, axis=0)).save(path)
    return path


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    folder = tmp_path / "masks"
    draw_mask(folder / "a.png", [BUMPER, BUMPER, GREY])
    draw_mask(folder / "below/b.PNG", [DOOR])
    draw_mask(folder / ".hidden/c.png", [(255, 0, 0)])
    draw_mask(folder / "._d.png", [(255, 0, 0)])
    (folder / "classes.txt").write_text("bumper\n")
    return folder


def listing(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_the_peaks_and_the_file_are_told_as_json(
    masks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, before = tmp_path / "new/sheet.png", listing(masks)

    code = main(["data", "palette", str(masks), "--out", str(out), "--json"])

    summary = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (summary["pictures"], summary["skipped"]) == (2, [])
    assert (summary["pixels"], summary["colored_pixels"]) == (320, 240)
    assert summary["peaks"] == [
        {
            "hue": 150,
            "hue_range": [150, 150],
            "pixels": 160,
            "share": 160 / 240,
            "saturation_range": [246, 246],
            "value_range": [250, 250],
        },
        {
            "hue": 60,
            "hue_range": [60, 60],
            "pixels": 80,
            "share": 80 / 240,
            "saturation_range": [206, 206],
            "value_range": [98, 98],
        },
    ]
    assert summary["colors"][0] == {"rgb": list(BUMPER), "share": 0.5}
    assert summary["palette"] == str(out)
    with Image.open(out) as sheet:
        assert (sheet.format, sheet.width) == ("PNG", 1000)
    assert listing(masks) == before


def test_the_peaks_are_told_as_a_table(
    masks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sheet.png"

    assert main(["data", "palette", str(masks), "--out", str(out)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("2 pictures; 75.0% of their pixels are coloured")
    assert lines[4].split() == ["1", "150", "150", "150", "66.7", "246-246", "250-250"]
    assert lines[5].split() == ["2", "60", "60", "60", "33.3", "206-206", "98-98"]
    assert lines[-1] == f"drawn: {out}"


def test_limits_decide_what_has_a_hue(
    masks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = ["--min-saturation=230", "--min-value=99"]
    out = f"--out={tmp_path / 'sheet.png'}"

    assert main(["data", "palette", str(masks), out, "--json", *limits]) == 0

    summary = json.loads(capsys.readouterr().out)
    assert [peak["hue"] for peak in summary["peaks"]] == [150]


def test_masks_of_palette_and_grey_are_read_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "masks"
    folder.mkdir()
    image = Image.fromarray(np.ones((4, 4), np.uint8))
    image.putpalette([0, 0, 0, *BUMPER])
    image.save(folder / "p.gif")
    Image.fromarray(np.full((4, 4), 9, np.uint8)).save(folder / "grey.bmp")

    code = main(["data", "palette", str(folder), f"--out={tmp_path / 's.png'}"])

    assert code == 0
    assert capsys.readouterr().out.startswith("2 pictures; 50.0% of")


def test_grey_masks_are_answered_with_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw_mask(tmp_path / "masks/a.png", [GREY])

    out = f"--out={tmp_path / 's.png'}"
    code = main(["data", "palette", str(tmp_path / "masks"), out])

    assert code == 0
    assert "no coloured pixel; lower --min-saturation" in capsys.readouterr().out


def test_an_unreadable_picture_is_named_and_the_rest_is_counted(
    masks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (masks / "text.png").write_text("no picture")
    (masks / "cut.png").write_bytes((masks / "a.png").read_bytes()[:60])

    out = f"--out={tmp_path / 's.png'}"
    code = main(["data", "palette", str(masks), out, "--json"])

    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    assert code == 0
    assert summary["pictures"] == 2
    assert [entry["source"] for entry in summary["skipped"]] == ["cut.png", "text.png"]
    first, second = captured.err.splitlines()
    assert first.startswith("carseg: cannot read 'cut.png': ")
    assert second == (
        "carseg: cannot read 'text.png': its content is no picture; export it again"
    )
    assert str(tmp_path) not in captured.err


def test_a_folder_of_unreadable_pictures_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "masks"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"")

    code = main(["data", "palette", str(folder), f"--out={tmp_path / 's.png'}"])

    assert code == 1
    assert "got 1 that are not; check" in capsys.readouterr().err
    assert not (tmp_path / "s.png").exists()


@pytest.mark.parametrize(
    ("folder", "options", "sentence"),
    [
        ("none", [], "DIR must be an existing folder, got"),
        ("masks/a.png", [], "DIR must be an existing folder, got"),
        ("empty", [], "DIR must hold pictures (.bmp, .gif,"),
        ("masks", ["--out=a.jpg"], "--out must be a file that ends in .png, got 'a.jp"),
        ("masks", ["--min-value=256"], "--min-value must be 0..255, got 256"),
        ("masks", ["--min-saturation=-1"], "--min-saturation must be 0..255, got -1"),
    ],
    ids=["missing", "file", "empty", "jpeg", "value", "saturation"],
)
def test_wrong_usage_is_one_line(
    masks: Path,
    capsys: pytest.CaptureFixture[str],
    folder: str,
    options: list[str],
    sentence: str,
) -> None:
    (masks.parent / "empty").mkdir()

    code = main(["data", "palette", str(masks.parent / folder), *options])

    captured = capsys.readouterr()
    assert code == 2
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert sentence in captured.err


def test_nothing_is_drawn_into_the_folder_itself(
    masks: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(masks / "below")

    assert main(["data", "palette", ".."]) == 2

    assert "--out must lie outside of DIR" in capsys.readouterr().err
    assert not (masks / "below/palette.png").exists()


def test_no_tensorflow_is_loaded(masks: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from tfx_pipeline.cli.main import main;"
        "assert main(['data', 'palette', *sys.argv[1:]]) == 0;"
        "print([n for n in ('tensorflow', 'tfx', 'keras', 'apache_beam')"
        " if n in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(masks), f"--out={tmp_path / 's.png'}"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip().splitlines()[-1] == "[]"
