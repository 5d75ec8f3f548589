"""`carseg predict` against a server on a real socket: files, table, JSON, exit code."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.serving.client.drawn_requests import draw_photo, encode
from tests.serving.client.stub_server import STUBS, Stub, right_mask
from tests.tfx_pipeline.cli.predict_calls import (
    TAXONOMY,
    predict,
    write_photo,
    write_taxonomy,
)
from tfx_pipeline.cli.main import main
from tfx_pipeline.config.usage_error import UsageError


@pytest.fixture(params=STUBS)
def stub(request: pytest.FixtureRequest) -> Iterator[Stub]:
    with STUBS[request.param]() as running:
        yield running


@pytest.fixture
def grpc_server() -> Iterator[Stub]:
    with STUBS["grpc"]() as running:
        yield running


def files_below(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_a_folder_becomes_masks_overlays_and_areas(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    files = [
        write_photo(photos / "a.jpg", 1, "JPEG", quality=95),
        write_photo(photos / "a.png", 2),
        write_photo(photos / "lot" / "a.png", 3),
    ]
    taxonomy = write_taxonomy(tmp_path)

    code = predict(photos, "--server", stub.url, "--out", out, "--taxonomy", taxonomy)

    assert code == 0
    names = ["a.jpg", "a.png", "lot/a.png"]
    expected = [f"{name}.{kind}.png" for name in names for kind in ("mask", "overlay")]
    assert files_below(out) == sorted([*expected, "areas.csv"])
    rows = list(csv.DictReader((out / "areas.csv").open(newline="")))
    assert len(rows) == 9
    for name, file in zip(names, files, strict=True):
        right = right_mask(file.read_bytes())
        with Image.open(out / f"{name}.mask.png") as mask:
            assert mask.mode == "P"
            np.testing.assert_array_equal(np.asarray(mask), right)
            rgb = np.asarray(mask.convert("RGB"))
        colours = np.array([entry["rgb"] for entry in TAXONOMY["classes"]])
        np.testing.assert_array_equal(rgb, colours[right])
        share = np.bincount(right.ravel(), minlength=3) / right.size
        told = [row for row in rows if row["photo"] == name]
        assert [row["class"] for row in told] == ["background", "red", "blue"]
        np.testing.assert_allclose(
            [float(row["area_fraction"]) for row in told], share, rtol=1e-5
        )
        assert told[0]["mask"] == (out / f"{name}.mask.png").as_posix()
    captured = capsys.readouterr()
    table = captured.out.splitlines()
    assert table[0].split() == ["photo", "class", "area", "%"]
    assert table[1].split()[:2] == ["a.jpg", "background"]
    assert f"masks and overlays of 3 photos, and all areas: {out}/areas.csv" in table
    assert captured.err == ""


def test_the_overlay_is_upright_whatever_the_camera_stored(
    grpc_server: Stub, tmp_path: Path
) -> None:
    upright = draw_photo(6, 60, 90)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = tmp_path / "turned.png"
    turned.write_bytes(encode(upright.rotate(90, expand=True), exif=exif))

    taxonomy = write_taxonomy(tmp_path)
    out = ("--out", tmp_path / "out", "--taxonomy", taxonomy)
    assert predict(turned, "--server", grpc_server.url, *out) == 0

    right = right_mask(encode(upright))
    with Image.open(tmp_path / "out/turned.png.mask.png") as mask:
        np.testing.assert_array_equal(np.asarray(mask), right)
    with Image.open(tmp_path / "out/turned.png.overlay.png") as overlay:
        shown = np.asarray(overlay)[: 60 * 5, : 90 * 5]  # 512 // 90 times as large
    large = right.repeat(5, 0).repeat(5, 1)
    plain = np.asarray(upright.resize((450, 300), Image.Resampling.LANCZOS)).astype(int)
    # Turning before or after scaling may round and clip a value differently.
    assert np.abs(shown[large == 0] - plain[large == 0]).mean() < 1
    assert (np.abs(shown - plain).sum(-1)[large == 1] > 30).mean() > 0.9


def test_json_is_one_object(
    grpc_server: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = write_photo(tmp_path / "a.png")
    bad = tmp_path / "b.txt"
    bad.write_text("hello")

    code = predict(
        *(photo, bad, "--server", grpc_server.url, "--json"),
        *("--out", tmp_path / "out", "--taxonomy", write_taxonomy(tmp_path)),
    )

    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    assert code == 1
    assert summary["model"] == {"name": "carseg", "version": 7}
    assert summary["classes"] == ["background", "red", "blue"]
    right = right_mask(photo.read_bytes())
    share = np.bincount(right.ravel(), minlength=3) / right.size
    (entry,) = summary["photos"]
    assert (entry["photo"], entry["height"], entry["width"]) == ("a.png", 24, 40)
    assert entry["confidence"] == 0.5
    assert list(entry["areas"].values()) == pytest.approx(share.tolist())
    assert Path(entry["mask"]).is_file()
    assert Path(entry["overlay"]).is_file()
    (failure,) = summary["failed"]
    assert failure["photo"] == "b.txt"
    assert failure["reason"].startswith("a photo must be JPEG, PNG, BMP or GIF, got 5")
    assert summary["stopped"] is None


def test_photos_that_fail_are_said_in_a_line_each_and_the_others_go_on(
    grpc_server: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = tmp_path / "photos"
    write_photo(photos / "1.png", 1)
    write_photo(photos / "2.webp", 2, "WEBP")
    (photos / "3.jpg").write_bytes(b"hello")
    good = encode(draw_photo(4))
    (photos / "4.png").write_bytes(good[: len(good) // 2])  # the server refuses it
    write_photo(photos / "5.png", 5)

    arguments = ("--server", grpc_server.url, "--out", tmp_path / "out")
    assert predict(photos, *arguments) == 1

    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert lines[0].startswith("the classes are called class 0 .. class 2; --taxonomy")
    assert lines[1].startswith("carseg: 2.webp: a photo must be JPEG, PNG, BMP or GIF")
    assert "of WebP; convert it to JPEG or PNG first" in lines[1]
    assert lines[2].startswith("carseg: 3.jpg: a photo must be JPEG, PNG, BMP or GIF")
    assert lines[3].startswith("carseg: 4.png: ")
    assert lines[4:] == ["carseg: 3 of 5 photos have no mask"]
    assert files_below(tmp_path / "out") == [
        *("1.png.mask.png", "1.png.overlay.png"),
        *("5.png.mask.png", "5.png.overlay.png"),
        "areas.csv",
    ]
    assert "class 1" in captured.out


def test_a_server_that_goes_away_stops_the_rest(
    grpc_server: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = tmp_path / "photos"
    for index in range(30):
        write_photo(photos / f"{index:02}.png", index)
    grpc_server.model.faults = [0.0] * 4 + ["UNAVAILABLE"] * 99

    code = predict(
        photos, "--server", grpc_server.url, "--out", tmp_path / "out", "--timeout", 1
    )

    assert code == 1
    last = capsys.readouterr().err.splitlines()[-1]
    rows = list(csv.DictReader((tmp_path / "out/areas.csv").open(newline="")))
    done = sorted({row["photo"] for row in rows})
    # Metadata took one answer; which photos got the three others is the threads' race.
    assert len(done) == 3
    assert last == "carseg: stopped after 3 photos: UNAVAILABLE: planted UNAVAILABLE"
    assert set(files_below(tmp_path / "out")) == {
        *(f"{name}.{kind}.png" for name in done for kind in ("mask", "overlay")),
        "areas.csv",
    }
    assert len(grpc_server.model.calls) < 20


def test_a_second_run_overwrites_its_own_files_and_no_others(
    grpc_server: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, out = tmp_path / "photos", tmp_path / "photos"
    write_photo(photos / "a.png", 1)
    write_photo(photos / "b.png", 2)
    drawn_by_hand = write_photo(photos / "b.png.mask.png", 9).read_bytes()
    arguments = (photos, "--server", grpc_server.url, "--out", out)

    assert predict(*arguments) == 1
    first = (out / "a.png.mask.png").read_bytes()
    write_photo(photos / "a.png", 3)
    assert predict(*arguments) == 1

    assert (out / "a.png.mask.png").read_bytes() != first
    assert (out / "b.png.mask.png").read_bytes() == drawn_by_hand
    assert files_below(out) == [
        *("a.png", "a.png.mask.png", "a.png.overlay.png", "areas.csv"),
        *("b.png", "b.png.mask.png"),
    ]
    assert "was not written by carseg predict, so it stays" in capsys.readouterr().err


def refusals(folder: Path) -> dict[str, tuple[list[object], str]]:
    photo = write_photo(folder / "a.png")
    (folder / "file").touch()
    (folder / "mine").mkdir()
    (folder / "mine" / "areas.csv").write_text("my,own,table\n")
    (folder / "no_model" / "latest").mkdir(parents=True)
    (folder / "no_model" / "latest" / "saved_model.pb").touch()
    (folder / "bad.json").write_text('{"classes": []}')
    server = ["--server", "grpc://127.0.0.1:9"]
    out = ["--out", folder / "out"]
    return {
        "nobody": ([photo, *out], "--model DIR of a SavedModel, or --server URL"),
        "no photo": ([folder / "none", *server, *out], "got none at"),
        "no address": ([photo, "--server", "host", *out], "--server: a server must be"),
        "no model": ([photo, "--model", folder / "no_model", *out], "saved_model.pb"),
        "no time": ([photo, *server, *out, "--timeout", "0"], "--timeout must be more"),
        "out is a file": ([photo, *server, "--out", folder / "file"], "got the file"),
        "another's table": ([photo, *server, "--out", folder / "mine"], "so it stays"),
        "no taxonomy": (
            [photo, *server, *out, "--taxonomy", folder / "bad.json"],
            "assets/taxonomy.json",
        ),
    }


@pytest.mark.parametrize(
    "name",
    [
        *("nobody", "no photo", "no address", "no model", "no time", "out is a file"),
        *("another's table", "no taxonomy"),
    ],
)
def test_wrong_usage_is_refused_in_a_line_before_any_work(
    tmp_path: Path, name: str
) -> None:
    arguments, sentence = refusals(tmp_path)[name]

    with pytest.raises(UsageError, match=sentence) as caught:
        predict(*arguments)

    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_the_verb_is_there_and_ends_with_2_on_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(tmp_path), "--server", "grpc://h", "--out", str(tmp_path / "out")]

    assert main(["predict", *arguments, "--json"]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("carseg: there must be photos at each place")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["a.jpg"], ["a", "--out", "o", "--server", "s", "--model", "m"]]
)
def test_out_is_required_and_who_predicts_is_one(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        predict(*arguments)

    assert ended.value.code == 2
    assert "required: --out" in (err := capsys.readouterr().err) or "not allowed" in err


def carseg(*arguments: object) -> int:
    """Calls the whole command, which turns errors into a line and an exit code."""
    return main(["predict", *map(str, arguments)])


def test_nobody_at_the_address_is_one_line_with_a_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = write_photo(tmp_path / "a.png")

    code = carseg(
        *(photo, "--server", "http://127.0.0.1:9", "--out", tmp_path / "out"),
        *("--timeout", "0.2"),
    )

    captured = capsys.readouterr()
    assert code == 1
    assert captured.err == (
        "carseg: http://127.0.0.1:9: UNAVAILABLE: no connection to 127.0.0.1:9:"
        " Connection refused; start a server with `carseg serve`, or name --model DIR\n"
    )
    assert captured.out == ""


def test_a_model_of_another_name_or_kind_is_refused(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = write_photo(tmp_path / "a.png")
    arguments = (photo, "--server", stub.url, "--out", tmp_path / "out")

    assert carseg(*arguments, "--model-name", "other") == 1
    assert "--model-name NAME says what the server calls" in capsys.readouterr().err

    two = write_taxonomy(tmp_path, classes=2)
    with pytest.raises(
        UsageError, match="have the 3 classes of the model, got 2: back"
    ):
        predict(*arguments, "--taxonomy", two)

    stub.model.classes = -1  # an open size
    assert carseg(*arguments) == 1
    assert "must take image_bytes and answer mask_png" in capsys.readouterr().err
