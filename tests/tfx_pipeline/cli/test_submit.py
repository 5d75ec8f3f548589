"""`carseg submit carvana` with a model that was exported: rows, order, Dice, holes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.serving.exported import SessionModel, decode_mask, export_drawn_model
from tests.tfds_builders import drawn_photos as drawn
from tests.tfx_pipeline.cli.bulk_runs import carseg, kill_when_under_way

pytestmark = pytest.mark.integration

HEIGHT_PX, WIDTH_PX = 1280, 1918
NAMES = ["b_01.jpg", "a_02.jpg", "c_03.jpg"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "model"
    export_drawn_model(folder)
    return folder


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    for seed, name in enumerate(NAMES):
        (folder / name).write_bytes(full_photo(seed))
    return folder


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return write_sample(tmp_path, NAMES)


def write_sample(folder: Path, names: list[str]) -> Path:
    file = folder / "sample.csv"
    file.write_text("".join(["img,rle_mask\n", *(f"{name},1 1\n" for name in names)]))
    return file


def full_photo(seed: int, size: tuple[int, int] = (HEIGHT_PX, WIDTH_PX)) -> bytes:
    random = np.random.default_rng(seed)
    rgb = np.full((*size, 3), 20, np.uint8)
    top, left = random.integers(0, 500, 2)
    rgb[top : top + 400, left : left + 900] = (250, 20, 20)
    rgb[900:1100, left : left + 200] = (20, 20, 250)
    return drawn.encode(Image.fromarray(rgb), "JPEG")


def command(model: Path, images: Path, sample: Path, out: Path) -> list[object]:
    files = ("--images", images, "--sample", sample, "--out", out)
    return ["submit", "carvana", "--model", model, *files, "--class", "red"]


def decode(runs: str) -> np.ndarray:
    """Reads Kaggle's runs with a loop."""
    flat = np.zeros(HEIGHT_PX * WIDTH_PX, np.uint8)
    numbers = [int(word) for word in runs.split()]
    for start, length in zip(numbers[::2], numbers[1::2], strict=True):
        assert not flat[start - 1 : start - 1 + length].any()
        flat[start - 1 : start - 1 + length] = 1
    return flat.reshape(HEIGHT_PX, WIDTH_PX)


def read_rows(out: Path) -> list[list[str]]:
    head, *rows = out.read_text().splitlines()
    assert head == "img,rle_mask"
    return [row.split(",") for row in rows]


def test_decoded_rows_are_the_served_masks_in_the_samples_order(
    model: Path,
    images: Path,
    sample: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out.csv"
    truth = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
    truth[200:800, 100:1200] = 1
    Image.fromarray(truth).save(tmp_path / "a_02_mask.gif")
    Image.fromarray(truth * 255).save(tmp_path / "c_03_mask.png")

    code = carseg(*command(model, images, sample, out), "--truth", tmp_path, "--json")

    summary = json.loads(capsys.readouterr().out)
    assert code == 0
    rows = read_rows(out)
    assert [name for name, _ in rows] == NAMES
    data = np.array([(images / name).read_bytes() for name in NAMES], object)
    served = SessionModel(model)("serving_default", image_bytes=data)["mask_png_bytes"]
    scores = []
    for (name, runs), png in zip(rows, served, strict=True):
        mask = decode_mask(png) == 1
        assert mask.any()
        np.testing.assert_array_equal(decode(runs), mask)
        if name != "b_01.jpg":
            common = int((mask & (truth == 1)).sum())
            scores.append(2 * common / int(mask.sum() + truth.sum()))
    assert summary["dice"] == pytest.approx(sum(scores) / 2)
    assert (summary["dice_photos"], summary["rows"]) == (2, 3)


def test_a_killed_submission_goes_on_and_ends_the_same(
    model: Path, images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"{index:02d}.jpg" for index in range(24)]
    for index, name in enumerate(names):
        (images / name).symlink_to(images / NAMES[index % 3])
    sample = write_sample(tmp_path, names[::-1])
    killed, whole = tmp_path / "killed.csv", tmp_path / "whole.csv"
    parts = tmp_path / ".killed.csv.parts"
    start = [*command(model, images, sample, killed), "--chunk", "2", "--batch", "1"]

    finished = kill_when_under_way(parts, 2, *start)

    assert 2 <= finished < 12
    assert not killed.exists()
    assert carseg(*start, "--json") == 0
    assert json.loads(capsys.readouterr().out)["finished_before"] == 2 * finished
    other = command(model, images, sample, whole)
    assert carseg(*other, "--chunk", "2", "--batch", "1") == 0
    assert killed.read_bytes() == whole.read_bytes()
    assert [name for name, _ in read_rows(killed)] == names[::-1]


def test_a_photo_that_fails_leaves_no_submission_unless_it_may(
    model: Path,
    images: Path,
    sample: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out.csv"
    (images / NAMES[0]).write_bytes(full_photo(0, (1280, 1900)))
    (images / NAMES[2]).write_bytes(full_photo(2)[:5000])

    assert carseg(*command(model, images, sample, out)) == 1

    captured = capsys.readouterr()
    assert captured.err.splitlines()[-1].startswith(
        f"carseg: every photo of {sample} must have a mask, but 2 failed: b_01.jpg (a"
        " photo must have 1918 x 1280 pixels, got 1900 x 1280;"
    )
    assert "; c_03.jpg (" in captured.err
    assert captured.out == ""
    assert not out.exists()

    assert carseg(*command(model, images, sample, out), "--allow-missing") == 1
    assert "2 of 3 rows are empty: 0 photos absent, 2 failed" in capsys.readouterr().err
    rows = read_rows(out)
    assert [bool(runs) for _, runs in rows] == [False, True, False]

    (images / NAMES[0]).write_bytes(full_photo(0))
    (images / NAMES[2]).unlink()
    assert carseg(*command(model, images, sample, out), "--allow-missing") == 0
    assert "1 of 3 rows are empty: 1 photos absent, 0 fail" in capsys.readouterr().err
    assert [bool(runs) for _, runs in read_rows(out)] == [True, True, False]


def wrong_usage(folder: Path, good: list[object]) -> dict[str, tuple[list, str]]:
    (folder / "mine.csv").write_text("mine")
    short = write_sample(folder, [*NAMES, "absent_04.jpg"]).rename(folder / "short.csv")
    write_sample(folder, NAMES)
    return {
        "no class": ([*good, "--class", "car"], "background, red, blue, got 'car'"),
        "no truth": ([*good, "--truth", folder / "none"], "--truth must be an exist"),
        "other truth": (
            [*good, "--truth", folder / "images"],
            f"with no true mask of any photo in '{folder / 'sample.csv'}'",
        ),
        "out is the sample": (
            [*good, "--out", folder / "sample.csv"],
            "--out must not be the sample",
        ),
        "out is a folder": ([*good, "--out", folder], "--out must be a file to write"),
        "out is another's": (
            [*good, "--out", folder / "mine.csv"],
            "was not written by this command",
        ),
        "absent photos": ([*good, "--sample", short], "1 are not, such as absent_04"),
        "no sample": ([*good, "--sample", folder / "no"], "--sample cannot be read"),
    }


@pytest.mark.parametrize(
    "name",
    [
        *("no class", "no truth", "other truth", "out is the sample"),
        *("out is a folder", "out is another's", "absent photos", "no sample"),
    ],
)
def test_wrong_usage_is_a_line_and_exit_code_2(
    model: Path,
    images: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    sample = write_sample(tmp_path, NAMES)
    good = command(model, images, sample, tmp_path / "out.csv")
    arguments, sentence = wrong_usage(tmp_path, good)[name]

    assert carseg(*arguments) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert sentence in captured.err
    assert sample.read_text().startswith("img,rle_mask\nb_01.jpg,1 1\n")
    assert not (tmp_path / "out.csv").exists()
