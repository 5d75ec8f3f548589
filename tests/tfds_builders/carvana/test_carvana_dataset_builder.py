import functools
import json
import pickle
import random
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow_datasets as tfds

from tests.tfds_builders import built
from tests.tfds_builders.built import (
    counts,
    examples,
    listing,
    shards,
    skipped,
    stored_ids,
)
from tests.tfds_builders.carvana.drawn_carvana import (
    CAR_LINES,
    CARS,
    HEIGHT,
    KEYS,
    WIDTH,
    draw_carvana,
    drawn_mask,
    gif,
    photo_jpeg,
    seed_of,
)
from tests.tfds_builders.drawn_files import write
from tests.tfds_builders.drawn_photos import gps_exif
from tfds_builders.carvana.carvana_dataset_builder import Builder
from tfds_builders.skipped_sources import TooManySkippedError

build = functools.partial(built.build, Builder)

FIRST = KEYS[0]


def test_a_folder_becomes_records_of_three_splits(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana")
    builder = build(folder, tmp_path / "out")

    assert counts(builder) == {"train": 12, "eval": 3, "test": 3}
    found = examples(builder)
    assert sorted(found) == KEYS
    splits: dict[str, set[bytes]] = {}
    for key, example in found.items():
        car, view = key.split("_")
        np.testing.assert_array_equal(
            stored_ids(example, "car"), drawn_mask(seed_of(key))
        )
        assert example["image"] == [(folder / "train" / f"{key}.jpg").read_bytes()]
        assert (example["height"], example["width"]) == ([HEIGHT], [WIDTH])
        assert (example["group_id"], example["view"]) == (
            [car.encode()],
            [view.encode()],
        )
        number = CARS.index(car)
        assert example["make"] == [b"Kia"]
        assert example["model"] == [f"Soul {number}".encode()]
        assert example["year"] == [f"201{number}".encode()]
        assert (example["source"], example["domain"]) == ([b"carvana"], [b"photo"])
        splits.setdefault(car, set()).add(example["split"][0])
    assert all(len(names) == 1 for names in splits.values())
    assert skipped(builder) == {"read": 18, "share": 0.0, "skipped": []}
    forms = json.loads(Path(builder.data_dir, "taxonomies.json").read_text("utf-8"))
    assert [entry["name"] for entry in forms["car"]["classes"]] == ["background", "car"]
    assert forms["car"]["commercial"] == "unknown"


def test_run_lengths_alone_give_the_same_bytes(tmp_path: Path) -> None:
    with_gifs = build(draw_carvana(tmp_path / "a", table=False), tmp_path / "out_a")
    with_rows = build(draw_carvana(tmp_path / "b", gifs=False), tmp_path / "out_b")
    assert shards(with_gifs) == shards(with_rows)
    assert len(shards(with_rows)) == 3


def test_a_gif_wins_and_its_row_is_not_even_looked_at(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana")
    write(folder / "train_masks.csv", b"no such table\n")
    found = examples(build(folder, tmp_path / "out"))
    assert sorted(found) == KEYS


def test_a_missing_gif_is_replaced_by_its_row(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana")
    (folder / "train_masks" / f"{FIRST}_mask.gif").unlink()
    other = f"{'f' * 12}_01.jpg,1 1\n"
    table = folder / "train_masks.csv"
    write(table, table.read_bytes() + other.encode())
    # A GIF that differs from its row shows which of both is read.
    second = folder / "train_masks" / f"{KEYS[1]}_mask.gif"
    write(second, gif(1 - drawn_mask()))
    builder = build(folder, tmp_path / "out")
    found = examples(builder)
    np.testing.assert_array_equal(
        stored_ids(found[FIRST], "car"), drawn_mask(seed_of(FIRST))
    )
    np.testing.assert_array_equal(stored_ids(found[KEYS[1]], "car"), 1 - drawn_mask())
    (entry,) = skipped(builder)["skipped"]
    assert (entry["source"], entry["is_known"]) == ("train_masks.csv", True)
    assert entry["reason"] == "1 of its rows name no photo in train; they are not used"
    assert skipped(builder)["share"] == 0.0


def test_gaps_in_the_table_of_cars_are_empty_text(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana")
    lines = [CAR_LINES[0], f'"{CARS[0]}","","","","Corvette","Z16"', *CAR_LINES[3:]]
    write(folder / "metadata.csv", "\n".join(lines).encode())
    found = examples(build(folder, tmp_path / "out"))
    for car, expected in ((CARS[0], b""), (CARS[1], b""), (CARS[2], b"Kia")):
        assert found[f"{car}_01"]["make"] == [expected]
        assert found[f"{car}_01"]["year"] == [expected and b"2012"]


def test_without_the_table_of_cars_the_report_says_so(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana")
    (folder / "metadata.csv").unlink()
    builder = build(folder, tmp_path / "out")
    assert {example["model"][0] for example in examples(builder).values()} == {b""}
    (entry,) = skipped(builder)["skipped"]
    assert (entry["source"], entry["is_known"]) == ("metadata.csv", True)


def test_hq_photos_carry_the_same_ids_and_masks(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana")
    for key in KEYS:
        write(folder / "train_hq" / f"{key}.jpg", photo_jpeg(seed_of(key) + 1))
    plain, hq = build(folder, tmp_path / "a"), build(folder, tmp_path / "b", hq=True)
    first, second = examples(plain)[FIRST], examples(hq)[FIRST]
    assert second["image"] == [(folder / "train_hq" / f"{FIRST}.jpg").read_bytes()]
    assert second["image"] != first["image"]
    assert second["mask/car"] == first["mask/car"]
    assert second["split"] == first["split"]


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_hq_must_be_true_or_false(tmp_path: Path, value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        Builder(data_dir=str(tmp_path), manual_dir=str(tmp_path), hq=value)
    assert str(caught.value) == f"carvana: hq must be true or false, got {value!r}"


def test_options_survive_pickling(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana", photos="train_hq")
    builder = Builder(data_dir=str(tmp_path / "out"), manual_dir=str(folder), hq=True)
    copy = pickle.loads(pickle.dumps(builder))
    assert copy.hq is True
    assert copy.list_sources() == builder.list_sources()


def test_the_order_and_place_of_files_change_no_byte(tmp_path: Path) -> None:
    first = build(draw_carvana(tmp_path / "a"), tmp_path / "out_a")
    shuffled = list(KEYS)
    random.Random(3).shuffle(shuffled)
    draw_carvana(tmp_path / "b" / "kaggle", shuffled)
    second = build(tmp_path / "b", tmp_path / "out_b")
    assert shards(first) == shards(second)


def test_the_source_folder_is_only_read(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana")
    write(folder / "train" / f"{FIRST}.jpg", b"\xff\xd8\xff")
    before = listing(folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        build(folder, tmp_path / "out", max_skipped_share=0.2)
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
    assert listing(folder) == before


def test_where_a_photo_was_taken_is_not_written(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana")
    photo = photo_jpeg(seed_of(FIRST))
    exif = b"Exif\0\0" + gps_exif().removeprefix(b"Exif\0\0")
    head = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    write(folder / "train" / f"{FIRST}.jpg", photo[:2] + head + photo[2:])
    stored = examples(build(folder, tmp_path / "out"))[FIRST]["image"][0]
    assert stored == photo
    kept = build(folder, tmp_path / "kept", keep_metadata=True)
    assert exif in examples(kept)[FIRST]["image"][0]


def bad_row(text: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / "train_masks" / f"{FIRST}_mask.gif").unlink()
        table = folder / "train_masks.csv"
        lines = table.read_text("utf-8").splitlines()
        lines[1] = f"{FIRST}.jpg,{text}"
        write(table, "\n".join(lines).encode())

    return damage


def no_mask(folder: Path) -> None:
    (folder / "train_masks" / f"{FIRST}_mask.gif").unlink()
    (folder / "train_masks.csv").unlink()


PHOTO, GIF = f"train/{FIRST}.jpg", f"train_masks/{FIRST}_mask.gif"
FAULTS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "cut-off-photo": (
        lambda folder: write(folder / PHOTO, (folder / PHOTO).read_bytes()[:200]),
        PHOTO,
        "cannot decode ",
    ),
    "other-size": (
        lambda folder: write(folder / GIF, gif(drawn_mask(size=(HEIGHT, WIDTH + 2)))),
        PHOTO,
        "mask must have the photo's size 48 x 32, got 50 x 32; export the mask at",
    ),
    "other-index": (
        lambda folder: write(
            folder / GIF, gif(drawn_mask() * 2, [0, 0, 0, 9, 8, 7, 255, 255, 255])
        ),
        PHOTO,
        "mask indices must be 0 (background) or 1 (car), got 2 in",
    ),
    "no-mask": (no_mask, PHOTO, "photo without a mask; add train_masks/"),
    "no-photo": (
        lambda folder: (folder / PHOTO).unlink(),
        GIF,
        f"mask without a photo; add train/{FIRST}.jpg, or remove the mask",
    ),
    "runs-beyond": (
        bad_row("1530 9"),
        PHOTO,
        "runs must lie within 1..1536 (the picture is 48 x 32), got start 1530 and",
    ),
    "runs-overlap": (bad_row("1 9 5 9"), PHOTO, "runs must rise and not overlap, got"),
    "odd-runs": (bad_row("1 9 5"), PHOTO, "run lengths must be pairs of start and"),
    "no-numbers": (bad_row("1 x"), PHOTO, "run lengths must be whole numbers, got 'x'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_skipped_within_the_tolerance(tmp_path: Path, fault: str) -> None:
    damage, source, reason = FAULTS[fault]
    folder = draw_carvana(tmp_path / "carvana")
    damage(folder)
    builder = build(folder, tmp_path / "out", max_skipped_share=1 / 18)
    report = skipped(builder)
    assert (report["read"], report["share"]) == (17, 1 / 18)
    (entry,) = report["skipped"]
    assert (entry["source"], entry["is_known"]) == (source, False)
    assert entry["reason"].startswith(reason)
    assert "\n" not in entry["reason"] and str(tmp_path) not in entry["reason"]
    assert sorted(examples(builder)) == KEYS[1:]


def test_too_many_faults_are_an_error(tmp_path: Path) -> None:
    folder = draw_carvana(tmp_path / "carvana")
    no_mask(folder)
    with pytest.raises(TooManySkippedError) as caught:
        build(folder, tmp_path / "out")
    assert str(caught.value).startswith(
        "at most 1.00% of the sources may be unreadable, got 1 of 18 (5.56%); first:"
        f" {PHOTO}: photo without a mask;"
    )


def test_a_wrong_folder_is_one_line(tmp_path: Path) -> None:
    draw_carvana(tmp_path / "carvana")
    with pytest.raises(ValueError) as caught:
        build(tmp_path / "carvana" / "train", tmp_path / "out")
    message = str(caught.value)
    assert message.endswith("give the folder above it")
    assert str(tmp_path) not in message and "\n" not in message


def test_the_builders_tags_are_tags_of_tfds() -> None:
    tags = Builder.get_metadata().tags
    assert "ml.task.semantic-segmentation" in tags
    assert set(tags) <= set(tfds.core.dataset_metadata.valid_tags())
