import functools
import json
import os
import pickle
import random
import shutil
import stat
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow_datasets as tfds
from apache_beam.options.pipeline_options import PipelineOptions

from tests.tfds_builders import built
from tests.tfds_builders.built import (
    counts,
    examples,
    listing,
    shards,
    skipped,
    stored_ids,
)
from tests.tfds_builders.drawn_files import write
from tests.tfds_builders.drawn_photos import encode
from tests.tfds_builders.folder_masks.drawn_folder import (
    COLOURS,
    TAXONOMY,
    draw_folder,
    draw_pair,
    mask_ids,
    palette_image,
    photo_jpeg,
    png,
    turned_jpeg,
)
from tfds_builders import folder_masks
from tfds_builders.folder_masks.folder_masks_dataset_builder import Builder
from tfds_builders.skipped_sources import TooManySkippedError

build = functools.partial(built.build, Builder)

NAMES = [f"car{car}_{view}" for car in range(4) for view in range(3)]


def test_a_folder_becomes_records_of_three_splits(tmp_path: Path) -> None:
    regex = "group_regex: '^(car\\d+)_'\nview_regex: '_(\\d+)$'\ntask: parts\n"
    folder = draw_folder(tmp_path / "cars", NAMES, TAXONOMY + regex)
    builder = build(
        folder, tmp_path / "out", quotas={"train": 0.5, "eval": 0.25, "test": 0.25}
    )
    assert builder.name == "folder_masks"
    assert counts(builder) == {"train": 6, "eval": 3, "test": 3}
    found = examples(builder)
    assert sorted(found) == NAMES
    for name, example in found.items():
        seed = sum(name.encode())
        np.testing.assert_array_equal(stored_ids(example, "parts"), mask_ids(seed))
        assert example["group_id"] == [name.partition("_")[0].encode()]
        assert example["view"] == [name.partition("_")[2].encode()]
        assert example["source"] == [b"folder_masks"]
        assert (example["height"], example["width"]) == ([12], [20])
    by_group: dict[bytes, set[bytes]] = {}
    for example in found.values():
        by_group.setdefault(example["group_id"][0], set()).add(example["split"][0])
    assert all(len(splits) == 1 for splits in by_group.values())
    assert skipped(builder) == {"read": 12, "share": 0.0, "skipped": []}
    forms = json.loads(Path(builder.data_dir, "taxonomies.json").read_text("utf-8"))
    assert [entry["name"] for entry in forms["parts"]["classes"]] == [
        "background",
        "car",
        "wheel",
    ]


def test_tfds_reads_the_dataset_back(tmp_path: Path) -> None:
    builder = build(draw_folder(tmp_path / "cars", NAMES), tmp_path / "out")
    rows = list(builder.as_dataset("test").as_numpy_iterator())
    assert len(rows) == builder.info.splits["test"].num_examples == 2
    expected = mask_ids(sum(rows[0]["example_id"]))
    np.testing.assert_array_equal(rows[0]["mask"]["objects"][..., 0], expected)
    assert rows[0]["image"].shape == (12, 20, 3)


def test_split_folders_decide_the_split(tmp_path: Path) -> None:
    write(tmp_path / "cars/taxonomy.yaml", TAXONOMY.encode())
    for split, names in {"train": "ab", "validation": "c", "test": "a"}.items():
        for name in names:
            draw_pair(tmp_path / "cars" / split, name)
    builder = build(tmp_path / "cars", tmp_path / "out")
    assert {
        name: example["split"][0].decode()
        for name, example in examples(builder).items()
    } == {
        "train/a": "train",
        "train/b": "train",
        "validation/c": "eval",
        "test/a": "test",
    }


def test_grey_palette_rgb_and_turned_masks_in_one_folder(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars", ["grey", "palette", "rgb", "turned"])
    ids = mask_ids()
    ordered = [tuple(int(channel) for channel in colour) for colour in COLOURS]
    write(folder / "masks/grey.png", png(ids))
    os.remove(folder / "masks/palette.png")
    write(folder / "masks/palette_mask.GIF", encode(palette_image(ids, ordered), "GIF"))
    write(folder / "masks/rgb.png", png(COLOURS[ids]))
    write(folder / "masks/turned.png", png(ids))
    write(folder / "images/turned.jpg", turned_jpeg(6))
    found = examples(build(folder, tmp_path / "out"))
    for name in ("grey", "palette", "rgb"):
        np.testing.assert_array_equal(stored_ids(found[name], "objects"), ids)
    np.testing.assert_array_equal(
        stored_ids(found["turned"], "objects"), np.rot90(ids, -1)
    )
    assert found["turned"]["orientation"] == [6]
    assert (found["turned"]["height"], found["turned"]["width"]) == ([20], [12])


def test_capitals_spaces_korean_and_a_bom(tmp_path: Path) -> None:
    folder = tmp_path / "내 차 사진"
    text = TAXONOMY.replace("car", "앞 범퍼")
    write(folder / "taxonomy.yaml", b"\xef\xbb\xbf" + text.encode())
    decomposed = unicodedata.normalize("NFD", "왼쪽 문")
    for photo, mask in [
        ("IMG 1.JPG", "IMG 1.PNG"),
        (f"{decomposed}.Jpeg", "왼쪽 문.png"),
        ("야드/차.jpg", "야드/차_mask.png"),
    ]:
        write(folder / "images" / photo, photo_jpeg())
        write(folder / "masks" / mask, png(mask_ids()))
    builder = build(folder, tmp_path / "out")
    found = examples(builder)
    assert sorted(found) == ["IMG 1", "야드/차", "왼쪽 문"]
    assert found["왼쪽 문"]["source"] == [b"folder_masks"]
    assert builder.taxonomies()["objects"].names == ("background", "앞 범퍼", "wheel")


def test_the_order_and_place_of_files_change_no_byte(tmp_path: Path) -> None:
    first = build(draw_folder(tmp_path / "a", NAMES), tmp_path / "out_a")
    shuffled = list(NAMES)
    random.Random(3).shuffle(shuffled)
    second = build(draw_folder(tmp_path / "b" / "deep", shuffled), tmp_path / "out_b")
    assert shards(first) == shards(second)
    assert len(shards(first)) == 3


def test_the_source_folder_is_only_read(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars", NAMES)
    write(folder / "images/broken.jpg", b"\xff\xd8\xff")
    before = listing(folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        build(folder, tmp_path / "out", max_skipped_share=0.2)
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
    assert listing(folder) == before


def damage(folder: Path, fault: str) -> None:
    """Puts one fault at `car0_0` (or beside it) into a healthy folder."""
    photo, mask = folder / "images/car0_0.jpg", folder / "masks/car0_0.png"
    if fault == "corrupt":
        photo.write_bytes(photo.read_bytes()[:200])
    elif fault == "empty":
        photo.write_bytes(b"")
    elif fault == "mask-size":
        mask.write_bytes(png(np.zeros((12, 21), np.uint8)))
    elif fault == "mask-id":
        mask.write_bytes(png(mask_ids() * 5 + 1))
    elif fault == "mask-jpeg":
        mask.write_bytes(photo.read_bytes())
    elif fault == "no-mask":
        mask.unlink()
    elif fault == "no-photo":
        photo.unlink()


FAULTS = {
    "corrupt": ("images/car0_0.jpg", "cannot decode "),
    "empty": ("images/car0_0.jpg", "cannot decode "),
    "mask-size": (
        "images/car0_0.jpg",
        "mask must have the photo's size 20 x 12, got 21 x 12; export the mask",
    ),
    "mask-id": (
        "images/car0_0.jpg",
        "mask ids must be 0..2 or 255 (void), got 11 in 'car0_0' (",
    ),
    "mask-jpeg": ("images/car0_0.jpg", "mask must be a PNG or GIF, got JPEG; lossy"),
    "no-mask": ("images/car0_0.jpg", "photo without a mask; add car0_0.png or"),
    "no-photo": ("masks/car0_0.png", "mask without a photo; add a photo called"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_skipped_within_the_tolerance(tmp_path: Path, fault: str) -> None:
    folder = draw_folder(tmp_path / "cars", NAMES)
    damage(folder, fault)
    builder = build(folder, tmp_path / "out", max_skipped_share=1 / 12)
    source, reason = FAULTS[fault]
    report = skipped(builder)
    assert (report["read"], report["share"]) == (11, 1 / 12)
    (entry,) = report["skipped"]
    assert entry["source"] == source
    assert entry["reason"].startswith(reason)
    assert "\n" not in entry["reason"] and str(tmp_path) not in entry["reason"]
    assert sorted(examples(builder)) == NAMES[1:]


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_of_twelve_is_an_error_above_the_tolerance(
    tmp_path: Path, fault: str
) -> None:
    folder = draw_folder(tmp_path / "cars", NAMES)
    damage(folder, fault)
    with pytest.raises(TooManySkippedError) as caught:
        build(folder, tmp_path / "out")
    source, reason = FAULTS[fault]
    assert str(caught.value).startswith(
        "at most 1.00% of the sources may be unreadable, got 1 of 12 (8.33%); first:"
        f" {source}: {reason}"
    )
    report = json.loads((tmp_path / "out/folder_masks/skipped.json").read_text("utf-8"))
    assert [entry["source"] for entry in report["skipped"]] == [source]
    assert not (tmp_path / "out/folder_masks/1.0.0").exists()


def test_a_shard_without_one_readable_photo_is_no_obstacle(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars", NAMES)
    for name in NAMES[:4]:
        write(folder / "images" / f"{name}.jpg", b"no photo")
    builder = build(
        folder, tmp_path / "out", max_skipped_share=0.5, examples_per_shard=2
    )
    total = sum(
        len(list(builder.as_dataset(split).as_numpy_iterator()))
        for split in builder.info.splits
    )
    assert total == 8 == skipped(builder)["read"]


def test_a_name_that_is_no_utf8_is_skipped_by_name(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars", NAMES)
    bad = os.fsencode(folder) + b"/images/\xc0\xda.jpg"
    Path(os.fsdecode(bad)).write_bytes(photo_jpeg())
    builder = build(folder, tmp_path / "out", max_skipped_share=0.1)
    (entry,) = skipped(builder)["skipped"]
    assert entry["source"] == r"images/\xc0\xda.jpg"
    assert entry["reason"].startswith("a photo's name must be UTF-8")


@pytest.mark.parametrize(
    ("breakage", "error", "message"),
    [
        (shutil.rmtree, FileNotFoundError, "folder of photos and masks not found: "),
        (
            lambda folder: os.remove(folder / "taxonomy.yaml"),
            FileNotFoundError,
            "a folder of masks must hold taxonomy.yaml, got images, masks in ",
        ),
        (
            lambda folder: write(folder / "taxonomy.yaml", b"classes: []\n"),
            ValueError,
            "taxonomy.yaml: classes is missing or empty; add",
        ),
        (
            lambda folder: shutil.rmtree(folder / "masks"),
            FileNotFoundError,
            "folders images and masks are needed, got images, taxonomy.yaml in ",
        ),
        (
            lambda folder: write(
                folder / "taxonomy.yaml", f"{TAXONOMY}group_regex: (\n".encode()
            ),
            ValueError,
            "group_regex must be a regular expression, got '(' (",
        ),
    ],
    ids=["missing", "no-yaml", "no-classes", "no-masks", "bad-regex"],
)
def test_a_wrong_folder_is_one_line(
    tmp_path: Path, breakage: Any, error: type[Exception], message: str
) -> None:
    folder = draw_folder(tmp_path / "cars", NAMES)
    breakage(folder)
    with pytest.raises(error) as caught:
        build(folder, tmp_path / "out")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_builder_without_a_folder_says_so(tmp_path: Path) -> None:
    rule = r"^folder_masks: manual_dir must name the folder of photos"
    with pytest.raises(ValueError, match=rule):
        Builder(data_dir=str(tmp_path))


def test_options_survive_pickling(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars", NAMES)
    quotas = {"train": 0.4, "eval": 0.3, "test": 0.3}
    builder = Builder(
        data_dir=str(tmp_path / "out"),
        manual_dir=str(folder),
        group_regex=r"^(car\d)",
        quotas=quotas,
        max_skipped_share=0.5,
    )
    copy = pickle.loads(pickle.dumps(builder))
    assert (copy.group_regex, copy.quotas) == (r"^(car\d)", quotas)
    assert (copy.manual_dir, copy.max_skipped_share) == (folder, 0.5)
    assert copy.list_sources() == builder.list_sources()


def test_the_builders_tags_are_tags_of_tfds() -> None:
    text = Path(folder_masks.__path__[0], "TAGS.txt").read_text("utf-8")
    assert "# licence: " in text and "# commercial: " in text
    tags = Builder.get_metadata().tags
    assert "ml.task.semantic-segmentation" in tags
    assert set(tags) <= set(tfds.core.dataset_metadata.valid_tags())


@pytest.mark.integration
def test_beam_writes_the_same_bytes_and_report(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars", NAMES)
    damage(folder, "corrupt")
    options = {"max_skipped_share": 0.1, "examples_per_shard": 2}
    plain = build(folder, tmp_path / "plain", **options)
    beamed = Builder(data_dir=str(tmp_path / "beam"), manual_dir=str(folder), **options)
    beamed.download_and_prepare(
        download_config=tfds.download.DownloadConfig(
            beam_runner="DirectRunner",
            beam_options=PipelineOptions(direct_running_mode="in_memory"),
        )
    )
    assert shards(beamed) == shards(plain)
    assert len(shards(plain)) > 3
    assert skipped(beamed) == skipped(plain)
    assert beamed.info.splits["train"].shard_lengths == (
        plain.info.splits["train"].shard_lengths
    )
