"""Records are written shard by shard; what cannot be read is counted and named."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from tests.drawn_squares import SIZE_PX, Builder, Square, draw_square
from tfds_builders.record import Record
from tfds_builders.shard_writing import RecordReader
from tfds_builders.skipped_sources import SkippedSource, TooManySkippedError


def build(folder: Path, **kwargs: Any) -> Builder:
    builder = Builder(data_dir=str(folder), **kwargs)
    builder.download_and_prepare()
    return builder


def shards(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.tfrecord*")}


def test_every_source_is_one_record_in_its_split(tmp_path: Path) -> None:
    builder = build(tmp_path, count=20, examples_per_shard=4)

    splits = builder.info.splits

    assert {name: split.num_examples for name, split in splits.items()} == {
        "train": 14,
        "eval": 3,
        "test": 3,
    }
    assert splits["train"].shard_lengths == [4, 4, 4, 2]


def test_tfds_reads_the_record_back_with_its_mask(tmp_path: Path) -> None:
    dataset = build(tmp_path).as_dataset(split="train")

    record = next(iter(dataset))

    assert record["image"].shape == (SIZE_PX, SIZE_PX, 3)
    assert sorted(set(record["mask"]["square"].numpy().ravel())) == [0, 1]
    assert record["split"].numpy() == b"train"
    # The square was painted 120 brighter than the noise below 120.
    is_square = record["mask"]["square"].numpy()[..., 0] == 1
    assert record["image"].numpy()[is_square].min() >= 120
    assert record["image"].numpy()[~is_square].max() < 120


def test_the_stored_features_have_the_contracts_names(tmp_path: Path) -> None:
    builder = build(tmp_path)
    file = builder.info.splits["test"].filepaths[0]

    serialized = next(tf.data.TFRecordDataset([str(file)]).as_numpy_iterator())

    assert sorted(tf.train.Example.FromString(serialized).features.feature) == [
        "domain",
        "example_id",
        "group_id",
        "height",
        "image",
        "instances",
        "mask/square",
        "orientation",
        "source",
        "split",
        "view",
        "width",
    ]


class MadeBuilder(Builder):
    """Squares with a feature of their own to slice by."""

    name = "made_squares"
    SLICE_FEATURES = ("make",)

    def record_reader(self) -> RecordReader:
        return draw_made_square


def draw_made_square(square: Square) -> Record:
    return replace(draw_square(square), slices={"make": f"maker {square.index % 2}"})


def test_a_datasets_own_slices_are_stored_as_texts(tmp_path: Path) -> None:
    builder = MadeBuilder(data_dir=str(tmp_path))
    builder.download_and_prepare()

    rows = list(builder.as_dataset(split="train").as_numpy_iterator())

    assert {row["make"] for row in rows} == {b"maker 0", b"maker 1"}


def test_unreadable_sources_are_skipped_counted_and_named(tmp_path: Path) -> None:
    builder = build(tmp_path, count=24, broken=2, max_skipped_share=0.1)

    report = json.loads((builder.skipped_path / "skipped.json").read_text("utf-8"))

    assert report["read"] == 22
    assert report["share"] == pytest.approx(2 / 24)
    assert [entry["source"] for entry in report["skipped"]] == ["square 0", "square 1"]
    assert report["skipped"][0]["reason"] == (
        "cannot decode the picture: it was cut short"
    )
    assert sum(split.num_examples for split in builder.info.splits.values()) == 22


def test_too_many_unreadable_sources_stop_the_build(tmp_path: Path) -> None:
    with pytest.raises(
        TooManySkippedError, match=r"at most 1\.00% .* got 2 of 24 \(8\.33%\)"
    ):
        build(tmp_path, count=24, broken=2)

    assert shards(tmp_path) == {}
    assert len(list(tmp_path.rglob("skipped.json"))) == 1


def test_a_split_without_a_readable_record_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="split 'train' has no readable record"):
        build(tmp_path, count=3, broken=3, max_skipped_share=1.0)


class NotedBuilder(Builder):
    """Squares with instances, doubts, a file left out beside, and a list of files."""

    name = "noted_squares"

    def record_reader(self) -> RecordReader:
        return draw_noted_square

    def side_lists(self) -> Mapping[str, Sequence[str]]:
        return {"skies": ["skies/1.jpg", "skies/2\udcff.jpg"]}


def draw_noted_square(square: Square) -> Record:
    instances = [
        {"task": "square", "class_id": 1},
        {"task": "square", "class_id": square.index % 2},
        {"task": "other", "class_id": 1},
        {"no": "task"},
    ]
    beside = SkippedSource(
        source=f"label {square.index}", split="train", reason="twice", is_known=True
    )
    return replace(
        draw_square(square),
        instances=tuple(instances),
        drawn_on=("upright", "stored", "undecided", "stored")[square.index % 4],
        left_out=(beside,) if square.index == 5 else (),
    )


@pytest.fixture
def noted(tmp_path: Path) -> NotedBuilder:
    builder = NotedBuilder(data_dir=str(tmp_path), count=24, examples_per_shard=5)
    builder.download_and_prepare()
    return builder


def test_instances_and_doubts_are_summed_over_all_shards(noted: NotedBuilder) -> None:
    contents = json.loads((noted.skipped_path / "contents.json").read_text("utf-8"))

    assert contents["instances"] == {"square": {"background": 12, "square": 36}}
    assert contents["drawn_on"] == {"upright": 6, "stored": 12, "undecided": 6}


def test_a_builders_lists_of_files_lie_beside(noted: NotedBuilder) -> None:
    contents = json.loads((noted.skipped_path / "contents.json").read_text("utf-8"))
    listed = json.loads((noted.skipped_path / "skies.json").read_text("utf-8"))

    assert contents["lists"] == {"skies": {"files": 2, "list": "skies.json"}}
    assert listed == ["skies/1.jpg", "skies/2\udcff.jpg"]


def test_what_a_reader_left_out_beside_a_record_is_named(noted: NotedBuilder) -> None:
    report = json.loads((noted.skipped_path / "skipped.json").read_text("utf-8"))

    assert (report["read"], report["share"]) == (24, 0.0)
    assert [entry["source"] for entry in report["skipped"]] == ["label 5"]


def test_a_task_without_instances_has_no_numbers(tmp_path: Path) -> None:
    builder = build(tmp_path)

    contents = json.loads((builder.skipped_path / "contents.json").read_text("utf-8"))

    assert contents["instances"] == {"square": {}}
    assert contents["lists"] == {}


def test_taxonomies_lie_beside_the_records(tmp_path: Path) -> None:
    builder = build(tmp_path)

    forms = json.loads(Path(builder.data_dir, "taxonomies.json").read_text("utf-8"))

    assert forms["square"]["classes"][1]["name"] == "square"


def test_a_builder_survives_pickling_with_its_options(tmp_path: Path) -> None:
    builder = Builder(data_dir=str(tmp_path), count=9, max_skipped_share=0.5)

    copy = pickle.loads(pickle.dumps(builder))

    assert copy.max_skipped_share == 0.5


@pytest.mark.integration
def test_beam_writes_the_same_bytes_as_the_plain_loop(tmp_path: Path) -> None:
    build(tmp_path / "loop", count=24, examples_per_shard=5)
    by_beam = Builder(data_dir=str(tmp_path / "beam"), count=24, examples_per_shard=5)
    by_beam.download_and_prepare(
        download_config=tfds.download.DownloadConfig(
            beam_runner="DirectRunner",
            beam_options=beam.options.pipeline_options.PipelineOptions(
                ["--direct_num_workers=2", "--direct_running_mode=multi_threading"]
            ),
        )
    )

    assert shards(tmp_path / "loop") == shards(tmp_path / "beam")
    assert len(shards(tmp_path / "loop")) == 6
