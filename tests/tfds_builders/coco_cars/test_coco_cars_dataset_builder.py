import functools
import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from tests.tfds_builders import built
from tests.tfds_builders.built import counts, examples, listing, skipped
from tests.tfds_builders.coco_cars.drawn_coco import (
    BIG,
    HEIGHT,
    WIDTH,
    annotation,
    draw_dsmlr,
    draw_folder,
    image,
    jpeg,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.coco_cars.coco_cars_dataset_builder import Builder
from tfds_builders.skipped_sources import TooManySkippedError

build = functools.partial(built.build, Builder)


def test_dsmlr_becomes_three_splits_with_its_masks(tmp_path: Path) -> None:
    folder = draw_dsmlr(tmp_path / "Car-Parts-Segmentation")
    before = listing(folder)
    builder = build(tmp_path, tmp_path / "out", config="dsmlr_parts")
    assert builder.name == "coco_cars"
    assert listing(folder) == before
    assert counts(builder) == {"train": 5, "eval": 1, "test": 2}
    found = examples(builder)
    assert sorted(found) == [
        *(f"testset/JPEGImages/car{n}" for n in (1, 2)),
        *(f"trainingset/JPEGImages/train{n}" for n in range(1, 7)),
    ]
    expected = np.zeros((HEIGHT, WIDTH), np.uint8)
    expected[2:22, 4:36] = 3  # back_left_door
    expected[6:10, 8:16] = 18  # wheel, listed first but smaller
    for example in found.values():
        stored = tf.io.decode_png(example["mask/parts"][0]).numpy()[..., 0]
        np.testing.assert_array_equal(stored, expected)
        assert example["source"] == [b"car_parts_dsmlr"]
        listed = json.loads(example["instances"][0])
        assert [entry["class_id"] for entry in listed] == [18, 3]
    assert found["testset/JPEGImages/car1"]["image"] == [
        (folder / "testset/JPEGImages/car1.jpg").read_bytes()
    ]
    assert skipped(builder) == {"read": 8, "share": 0.0, "skipped": []}
    taxonomy = builder.taxonomies()["parts"]
    assert (taxonomy.num_classes, taxonomy.commercial) == (19, "unknown")
    assert taxonomy.licence.startswith("none stated by dsmlr")


def test_known_copies_of_dsmlr_stay_in_one_split(tmp_path: Path) -> None:
    folder = draw_dsmlr(tmp_path / "parts", train=120)
    builder = Builder(
        data_dir=str(tmp_path / "out"), manual_dir=str(folder), config="dsmlr_parts"
    )
    splits = {
        source.example_id.rpartition("/")[2]: (split, source.group_id)
        for split, found in builder.list_sources().sources.items()
        for source in found
    }
    assert splits["train109"] == splits["train11"]
    assert splits["train67"] == splits["train33"]
    assert splits["train12"][1] == "trainingset/JPEGImages/train12"


def test_any_file_is_split_by_groups(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars")
    write(folder / ".hidden.json", b"{}")
    builder = build(
        folder,
        tmp_path / "out",
        task="doors",
        group_regex=r"(car\d)_",
        quotas={"train": 0.5, "eval": 0.25, "test": 0.25},
        licence="CC0-1.0",
        commercial="yes",
    )
    assert counts(builder) == {"train": 3, "eval": 2, "test": 1}
    found = examples(builder)
    assert found["photos/car3_0"]["group_id"] == [b"car3"]
    assert found["photos/car3_0"]["source"] == [b"coco_cars"]
    taxonomy = builder.taxonomies()["doors"]
    assert taxonomy.names == ("background", "left_door", "hood", "right_door")
    assert taxonomy.flip_ids() == (0, 3, 2, 1)
    assert (taxonomy.licence, taxonomy.commercial) == ("CC0-1.0", "yes")


def test_the_order_of_entries_changes_no_byte(tmp_path: Path) -> None:
    first, second = draw_folder(tmp_path / "a"), draw_folder(tmp_path / "b")
    content = json.loads((second / "cars.json").read_text("utf-8"))
    for entries in content.values():
        entries.reverse()
    write(second / "cars.json", content)

    def shards(folder: Path) -> dict[str, bytes]:
        builder = build(folder, tmp_path / f"out_{folder.name}")
        found = Path(builder.data_dir).glob("*.tfrecord*")
        return {path.name: path.read_bytes() for path in found}

    assert shards(first) == shards(second)


def test_named_files_and_folders_are_read(tmp_path: Path) -> None:
    folder = draw_dsmlr(tmp_path / "parts")
    for split in ("trainingset", "testset"):
        write(folder / split / "more.json", {})
        shutil.move(folder / split / "JPEGImages", folder / f"img_{split}")
    builder = build(
        folder,
        tmp_path / "out",
        annotations={
            "train": "trainingset/annotations.json",
            "test": "testset/annotations.json",
        },
        images=["img_trainingset", "img_testset"],
    )
    assert counts(builder) == {"train": 5, "eval": 1, "test": 2}
    assert "img_trainingset/train3" in examples(builder)


@pytest.mark.parametrize("is_listed", [True, False], ids=["listing", "reading"])
def test_a_fault_is_skipped_within_the_tolerance_and_counted(
    tmp_path: Path, is_listed: bool
) -> None:
    folder = draw_folder(tmp_path / "cars", 12)
    content = json.loads((folder / "cars.json").read_text("utf-8"))
    if is_listed:
        (folder / "photos/car0_0.jpg").unlink()
    else:
        content["annotations"][0]["category_id"] = 1
    write(folder / "cars.json", content)
    builder = build(folder, tmp_path / "out", max_skipped_share=0.1)
    report = skipped(builder)
    (entry,) = report["skipped"]
    assert (report["read"], report["share"]) == (11, 1 / 12)
    source, reason = (
        ("cars.json: car0_0.jpg", "no photo of this name;")
        if is_listed
        else ("photos/car0_0.jpg", "annotation 1 must name a category of its file,")
    )
    assert (entry["source"], entry["reason"][: len(reason)]) == (source, reason)
    assert str(tmp_path) not in entry["reason"]
    with pytest.raises(TooManySkippedError, match="got 1 of 12"):
        build(folder, tmp_path / "strict")


def test_repeated_annotations_do_not_count_against_the_share(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars")
    content = json.loads((folder / "cars.json").read_text("utf-8"))
    content["annotations"] += [annotation(50 + n, n, 0, [BIG]) for n in range(6)]
    write(folder / "cars.json", content)
    builder = build(folder, tmp_path / "out")
    report = skipped(builder)
    assert (report["share"], len(report["skipped"])) == (0.0, 6)
    listed = examples(builder)["photos/car0_0"]["instances"][0]
    assert len(json.loads(listed)) == 1


def _photos_only(folder: Path) -> None:
    (folder / "cars.json").unlink()


def _broken(folder: Path) -> None:
    write(folder / "cars.json", b'{"images": [')


def _other_json(folder: Path) -> None:
    write(folder / "cars.json", {"version": "4.5.6", "shapes": []})


def _no_photos(folder: Path) -> None:
    shutil.rmtree(folder / "photos")


@pytest.mark.parametrize(
    ("breakage", "message"),
    [
        (shutil.rmtree, "manual_dir must be an existing folder, got nothing of that"),
        (_photos_only, "coco_cars needs one COCO file (.json), or one each"),
        (_broken, "'cars.json' must hold JSON in UTF-8, but"),
        (_other_json, "cars.json: a COCO instance file has the lists images,"),
        (_no_photos, "coco_cars: no image of cars.json has a photo below manual_dir"),
    ],
    ids=["missing", "no-json", "broken-json", "labelme", "no-photos"],
)
def test_a_wrong_folder_is_one_line_without_this_machines_paths(
    tmp_path: Path, breakage: Any, message: str
) -> None:
    folder = draw_folder(tmp_path / "cars")
    breakage(folder)
    with pytest.raises(ValueError, match="") as caught:
        build(folder, tmp_path / "out")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value) and str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"annotations": "a.json"}, "dsmlr_parts knows where its files are; leave"),
        (
            {"quotas": {"train": 0.7, "eval": 0.15, "test": 0.15}},
            "quotas are for one annotation file, got 2; leave",
        ),
    ],
    ids=["annotations", "quotas"],
)
def test_dsmlr_refuses_options_that_are_not_its(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    folder = draw_dsmlr(tmp_path / "parts")
    with pytest.raises(ValueError, match=message):
        build(folder, tmp_path / "out", config="dsmlr_parts", **options)


def test_a_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars")
    (folder / "again").symlink_to(folder)
    with pytest.raises(ValueError, match="not lead in a circle, got 'again'; remove"):
        build(folder, tmp_path / "out")


def test_photos_behind_a_link_are_found(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars")
    shutil.move(folder / "photos", tmp_path / "elsewhere")
    (folder / "photos").symlink_to(tmp_path / "elsewhere")
    builder = build(folder, tmp_path / "out")
    assert skipped(builder)["read"] == 6


def test_options_survive_pickling(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars")
    builder = Builder(
        data_dir=str(tmp_path / "out"),
        manual_dir=str(folder),
        annotations="cars.json",
        images=["photos"],
        task="doors",
        commercial=False,
    )
    copy = pickle.loads(pickle.dumps(builder))
    assert copy.options == builder.options
    assert copy.list_sources() == builder.list_sources()
    assert copy.taxonomies()["doors"].commercial == "no"
    pickle.dumps(builder.record_reader())


def test_a_photo_of_another_size_is_named(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars", 12)
    write(folder / "photos/car2_0.jpg", jpeg(size=(HEIGHT, WIDTH + 2)))
    builder = build(folder, tmp_path / "out", max_skipped_share=0.1)
    (entry,) = skipped(builder)["skipped"]
    assert entry["source"] == "photos/car2_0.jpg"
    assert "the photo's size 50 x 32, got 48 x 32" in entry["reason"]


def test_a_file_without_image_entries_is_no_dataset(tmp_path: Path) -> None:
    folder = draw_folder(tmp_path / "cars")
    content = json.loads((folder / "cars.json").read_text("utf-8"))
    write(folder / "cars.json", content | {"images": []})
    with pytest.raises(ValueError, match="has a photo below manual_dir"):
        build(folder, tmp_path / "out")
    write(folder / "cars.json", content | {"images": [image(0, "car0_0.jpg")]})
    with pytest.raises(ValueError, match="3 splits need at least 3 groups, got 1"):
        build(folder, tmp_path / "out")


def test_the_builders_tags_are_tags_of_tfds() -> None:
    tags = Builder.get_metadata().tags
    assert "ml.task.instance-segmentation" in tags
    assert set(tags) <= set(tfds.core.dataset_metadata.valid_tags())
