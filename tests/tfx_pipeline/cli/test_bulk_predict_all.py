"""`carseg predict-all` with a model that was exported: every file, every restart."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from tests.serving.exported import SessionModel, decode_mask, export_drawn_model
from tests.tfds_builders import drawn_photos as drawn
from tests.tfx_pipeline.cli.bulk_runs import (
    carseg,
    contents,
    draw_many,
    kill_when_under_way,
)
from tfx_pipeline.cli import bulk_masks
from tfx_pipeline.cli.predict_files import write_own

pytestmark = pytest.mark.integration

CHUNK = 3


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "model"
    export_drawn_model(folder)
    return folder


def arguments(model: Path, images: Path, out: Path) -> list[object]:
    folders = ("--model", model, "--images", images, "--out", out)
    return ["predict-all", *folders, "--batch", "2", "--chunk", str(CHUNK)]


def served(model: Path, photos: list[Path]) -> dict[str, np.ndarray]:
    data = np.array([photo.read_bytes() for photo in photos], object)
    return dict(SessionModel(model)("serving_default", image_bytes=data))


def coco_mask(annotation: dict) -> np.ndarray:
    height, width = annotation["segmentation"]["size"]
    flat: list[int] = []
    for index, count in enumerate(annotation["segmentation"]["counts"]):
        flat += [index % 2] * count
    return np.array(flat).reshape(width, height).T


def draw_folder(folder: Path) -> list[Path]:
    """Writes photos of one name and of one that is turned; returns them in order."""
    (folder / "lot").mkdir(parents=True)
    turned = drawn.encode(drawn.picture(44, 70), "JPEG", exif=drawn.gps_exif(6))
    files = {
        "a.jpg": drawn.encode(drawn.picture(50, 60), "JPEG"),
        "a.png": drawn.encode(drawn.picture(41, 57), "PNG"),
        "lot/a.jpg": turned,
        "z.bmp": drawn.encode(drawn.picture(42, 58), "BMP"),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def test_masks_tables_and_coco_all_say_what_the_model_says(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, out = tmp_path / "images", tmp_path / "out"
    photos = draw_folder(images)
    (images / "b.jpg").write_bytes(photos[0].read_bytes()[:500])
    (images / "c.webp").write_bytes(drawn.encode(drawn.picture(), "WEBP"))

    code = carseg(*arguments(model, images, out), "--table", "parquet", "--json")

    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    assert code == 1
    assert captured.err.splitlines()[-1] == (
        f"carseg: 2 of 6 photos have no mask; see {out}/failed.csv"
    )
    assert (summary["photos"], summary["predicted"], summary["failed"]) == (6, 4, 2)
    names = [photo.relative_to(images).as_posix() for photo in photos]
    tables = ["coco.json", "failed.csv", "photos.csv", "photos.parquet"]
    assert sorted(contents(out)) == sorted(
        [*(f"{name}.mask.png" for name in names), *tables]
    )
    answer = served(model, photos)
    rows = list(csv.DictReader((out / "photos.csv").open(newline="")))
    assert [row["photo"] for row in rows] == names
    parquet = pq.read_table(out / "photos.parquet").to_pylist()
    assert [row["photo"] for row in parquet] == names
    coco = json.loads((out / "coco.json").read_text())
    assert [image["file_name"] for image in coco["images"]] == names
    for index, name in enumerate(names):
        right = decode_mask(answer["mask_png_bytes"][index])
        with Image.open(out / f"{name}.mask.png") as mask:
            assert mask.mode == "P"
            np.testing.assert_array_equal(np.asarray(mask), right)
            colours = np.array([[0, 0, 0], [255, 0, 0], [0, 0, 255]])
            np.testing.assert_array_equal(
                np.asarray(mask.convert("RGB")), colours[right]
            )
        assert (int(rows[index]["height"]), int(rows[index]["width"])) == right.shape
        shares = [
            float(rows[index][f"area_{c}"]) for c in ("background", "red", "blue")
        ]
        expected = np.bincount(right.ravel(), minlength=3) / right.size
        np.testing.assert_allclose(shares, expected, rtol=1e-5)
        np.testing.assert_allclose(
            float(rows[index]["confidence"]), answer["confidence"][index], rtol=1e-5
        )
        joined = np.zeros_like(right)
        for annotation in coco["annotations"]:
            if annotation["image_id"] == coco["images"][index]["id"]:
                joined[coco_mask(annotation) == 1] = annotation["category_id"]
        np.testing.assert_array_equal(joined, right)
        assert joined.any()
    failed = list(csv.DictReader((out / "failed.csv").open(newline="")))
    assert [row["photo"] for row in failed] == ["b.jpg", "c.webp"]
    assert "of WebP; convert it" in failed[1]["reason"]


def test_a_killed_run_goes_on_and_ends_as_if_it_had_not_been(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = tmp_path / "images"
    draw_many(images, 240)
    parts = tmp_path / "killed" / ".carseg-predict-all"
    killed = arguments(model, images, tmp_path / "killed")

    first = kill_when_under_way(parts, 4, *killed)
    again = kill_when_under_way(parts, first + 4, *killed)

    assert 4 <= first < again < 240 // CHUNK
    assert not (tmp_path / "killed" / "photos.csv").exists()
    assert carseg(*killed, "--json") == 1
    assert json.loads(capsys.readouterr().out)["finished_before"] == again * CHUNK
    assert carseg(*arguments(model, images, tmp_path / "whole")) == 1
    killed_files, whole_files = (
        contents(tmp_path / name) for name in ("killed", "whole")
    )
    assert list(killed_files) == list(whole_files)
    assert len(whole_files) == 240 - 14 + 3
    assert killed_files == whole_files


def test_only_what_changed_is_done_again(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, out = tmp_path / "images", tmp_path / "out"
    photos = draw_many(images, 5 * CHUNK)
    command = [*arguments(model, images, out), "--json"]

    def run() -> int:
        carseg(*command)
        return json.loads(capsys.readouterr().out)["finished_before"]

    assert run() == 0
    first = contents(out)
    assert run() == 5 * CHUNK
    assert contents(out) == first

    (out / "0000.png.mask.png").unlink()  # of the first chunk
    mask = out / f"{photos[CHUNK].name}.mask.png"
    mask.write_bytes(mask.read_bytes()[:-1])  # of the second
    stat = photos[-1].stat()
    os.utime(photos[-1], ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))  # of the last
    assert run() == 2 * CHUNK
    assert contents(out) == first

    photos[5].write_bytes(photos[6].read_bytes())  # a bad photo, mended
    assert run() == 4 * CHUNK
    assert f"{photos[5].name}.mask.png" in contents(out)

    photos[-1].unlink()
    assert run() == 4 * CHUNK
    rows = list(csv.DictReader((out / "photos.csv").open(newline="")))
    assert [row["photo"] for row in rows] == [photo.name for photo in photos[:-1]]


def test_another_model_or_setting_starts_anew(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, out = tmp_path / "images", tmp_path / "out"
    draw_folder(images)
    other = tmp_path / "model"
    shutil.copytree(model, other)
    taxonomy = other / "assets" / "taxonomy.json"
    taxonomy.write_text(taxonomy.read_text().replace('"blue"', '"azure"'))

    assert carseg(*arguments(model, images, out)) == 0
    capsys.readouterr()
    assert carseg(*arguments(other, images, out), "--json") == 0

    assert json.loads(capsys.readouterr().out)["finished_before"] == 0
    head = (out / "photos.csv").read_text().splitlines()[0]
    assert head.endswith("area_background,area_red,area_azure")


def test_two_processes_write_what_one_writes(model: Path, tmp_path: Path) -> None:
    images = tmp_path / "images"
    draw_many(images, 12)

    assert carseg(*arguments(model, images, tmp_path / "one")) == 1
    assert carseg(*arguments(model, images, tmp_path / "two"), "--workers", "2") == 1

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_full_disk_stops_it_in_a_line(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    images, out = tmp_path / "images", tmp_path / "out"
    draw_folder(images)
    command = [*arguments(model, images, out), "--chunk", "1"]

    def full(path: Path, content: bytes) -> None:
        if path.name.startswith("z"):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write_own(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(bulk_masks, "write_own", full)
        assert carseg(*command) == 1

    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    last = captured.err.splitlines()[-1]  # ahead of it, how far it was
    assert last.startswith("carseg: stopped: [Errno 28] No space left on device")
    assert last.endswith("run the same command to go on")
    assert not (out / "photos.csv").exists()
    assert carseg(*command, "--json") == 0
    assert json.loads(capsys.readouterr().out)["finished_before"] == 3


def test_a_mask_whose_place_is_taken_is_a_failed_photo(
    model: Path, tmp_path: Path
) -> None:
    images, out = tmp_path / "images", tmp_path / "out"
    draw_folder(images)
    out.mkdir()
    (out / "a.jpg.mask.png").write_bytes(drawn.encode(drawn.picture(), "PNG"))
    drawn_by_hand = (out / "a.jpg.mask.png").read_bytes()

    assert carseg(*arguments(model, images, out)) == 1

    assert (out / "a.jpg.mask.png").read_bytes() == drawn_by_hand
    (row,) = csv.DictReader((out / "failed.csv").open(newline=""))
    assert row["photo"] == "a.jpg"
    assert "was not written by carseg predict, so it stays" in row["reason"]
    (out / "a.jpg.mask.png").unlink()
    assert carseg(*arguments(model, images, out)) == 0


def _cut_weights(model: Path, folder: Path) -> Path:
    shutil.copytree(model, folder)
    (data,) = (folder / "variables").glob("*.data*")
    data.write_bytes(data.read_bytes()[:-20])
    return folder


def wrong_usage(folder: Path, model: Path) -> dict[str, tuple[list[object], str]]:
    images = folder / "images"
    draw_folder(images)
    (folder / "empty").mkdir()
    (folder / "mine").mkdir()
    (folder / "mine" / "photos.csv").write_text("mine")
    (folder / "broken").mkdir()
    (folder / "broken" / "saved_model.pb").write_bytes(b"\xff" * 50)
    (folder / "broken" / "assets").mkdir()
    shutil.copy(model / "assets" / "taxonomy.json", folder / "broken" / "assets")
    (folder / "bare").mkdir()
    shutil.copy(model / "saved_model.pb", folder / "bare")
    two = json.loads((model / "assets" / "taxonomy.json").read_text())
    two["classes"].pop()
    (folder / "two.json").write_text(json.dumps(two))
    out = folder / "out"
    good = arguments(model, images, out)
    return {
        "no photos": (
            arguments(model, folder / "empty", out),
            "--images must be a folder with photos in it or below",
        ),
        "no folder": (
            arguments(model, folder / "none", out),
            "--images must be an existing folder",
        ),
        "no model": (arguments(folder, images, out), "saved_model.pb"),
        "broken model": (
            arguments(folder / "broken", images, out),
            "must be a SavedModel, but it cannot be read",
        ),
        "cut weights": (
            arguments(_cut_weights(model, folder / "cut"), images, out),
            "/cut' must be whole, but cannot be read",
        ),
        "no classes": (
            arguments(folder / "bare", images, out),
            "--taxonomy FILE",
        ),
        "two classes": ([*good, "--taxonomy", folder / "two.json"], "got 2: back"),
        "no batch": ([*good, "--batch", "0"], "--batch must be 1 or more, got 0"),
        "no workers": ([*good, "--workers", "-1"], "--workers must be 1 or more"),
        "a file": (
            arguments(model, images, images / "a.jpg"),
            "--out must be a folder, got the file",
        ),
        "another's": (
            arguments(model, images, folder / "mine"),
            "was not written by this command",
        ),
    }


@pytest.mark.parametrize(
    "name",
    [
        *("no photos", "no folder", "no model", "broken model"),
        *("cut weights", "no classes"),
        *("two classes", "no batch", "no workers", "a file", "another's"),
    ],
)
def test_wrong_usage_is_a_line_and_exit_code_2(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    command, sentence = wrong_usage(tmp_path, model)[name]

    assert carseg(*command) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert sentence in captured.err
    assert not (tmp_path / "out").exists()
