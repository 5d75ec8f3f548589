"""Records are copied byte for byte, and only when they keep the contract."""

from __future__ import annotations

from pathlib import Path

import pytest
import tensorflow as tf

from components.tfds_example_gen.copy_shards import (
    REQUIRED_FEATURES,
    ShardCopy,
    check_record,
    copy_shard,
    shard_copies,
)


def record(split: str = "train", leave_out: str = "", mask: str = "mask/car") -> bytes:
    example = tf.train.Example()
    for name in (*REQUIRED_FEATURES, mask):
        if name != leave_out:
            value = {"split": split, "example_id": "photo_1"}.get(name, "x")
            example.features.feature[name].bytes_list.value.append(value.encode())
    return example.SerializeToString()


@pytest.mark.parametrize("feature", REQUIRED_FEATURES)
def test_a_missing_feature_is_named(feature: str) -> None:
    with pytest.raises(ValueError, match=f"in file_1 must have {feature}"):
        check_record(record(leave_out=feature), "train", "file_1")


def test_a_record_without_any_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="'photo_1' in f must have a feature mask/"):
        check_record(record(mask="masks"), "train", "f")


def test_a_record_of_another_split_is_refused() -> None:
    with pytest.raises(ValueError, match="must say split 'test', got 'train'"):
        check_record(record("train"), "test", "f")


def test_a_shard_is_copied_byte_for_byte(tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    with tf.io.TFRecordWriter(str(source)) as writer:
        for _ in range(3):
            writer.write(record())

    copied = copy_shard(
        ShardCopy(source=str(source), target=str(target), split="train")
    )

    assert copied == ("train", 3)
    assert target.read_bytes() == source.read_bytes()


def test_a_truncated_shard_does_not_pass(tmp_path: Path) -> None:
    source = tmp_path / "in"
    with tf.io.TFRecordWriter(str(source)) as writer:
        writer.write(record())
    source.write_bytes(source.read_bytes()[:-7])

    with pytest.raises(tf.errors.DataLossError):
        copy_shard(
            ShardCopy(source=str(source), target=str(tmp_path / "out"), split="train")
        )


def test_copies_keep_order_and_get_tfxs_names() -> None:
    copies = list(
        shard_copies(
            {"train": [Path("a/x-0"), Path("a/x-1")], "test": [Path("a/y-0")]},
            {"train": "out/Split-train", "test": "out/Split-test"},
        )
    )

    assert [(copy.source, copy.target) for copy in copies] == [
        ("a/x-0", "out/Split-train/data_tfrecord-00000-of-00002"),
        ("a/x-1", "out/Split-train/data_tfrecord-00001-of-00002"),
        ("a/y-0", "out/Split-test/data_tfrecord-00000-of-00001"),
    ]


def test_another_file_system_gets_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError(f"cross-device link {source} {target}")

    monkeypatch.setattr("os.link", refuse)
    source, target = tmp_path / "in", tmp_path / "out"
    with tf.io.TFRecordWriter(str(source)) as writer:
        writer.write(record())

    copy_shard(ShardCopy(source=str(source), target=str(target), split="train"))

    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_ino != source.stat().st_ino
