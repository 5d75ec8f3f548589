"""A dataset is prepared under a folder that its content and code name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.tfds_example_gen.prepare import (
    dataset_folder,
    import_builder,
    prepare_dataset,
)

BUILDER = "tests.drawn_squares.Builder"


@pytest.mark.parametrize(
    ("builder", "kwargs", "content", "code"),
    [
        ("other.Builder", {"a": 1}, "c", "f"),
        ("b.Builder", {"a": 2}, "c", "f"),
        ("b.Builder", {"a": 1}, "changed", "f"),
        ("b.Builder", {"a": 1}, "c", "changed"),
    ],
    ids=["builder", "arguments", "content", "code"],
)
def test_any_changed_input_gives_another_folder(
    builder: str, kwargs: dict[str, Any], content: str, code: str
) -> None:
    first = dataset_folder("data", "b.Builder", {"a": 1}, "c", "f")

    assert dataset_folder("data", "b.Builder", {"a": 1}, "c", "f") == first
    assert dataset_folder("data", builder, kwargs, content, code) != first


def test_a_dataset_is_built_once_and_then_found(tmp_path: Path) -> None:
    arguments: dict[str, Any] = {
        "builder": BUILDER,
        "builder_kwargs": {"count": 12, "broken": 1, "max_skipped_share": 0.5},
        "folder": tmp_path,
    }
    first = prepare_dataset(**arguments)
    times = {path: path.stat().st_mtime_ns for path in first.folder.iterdir()}

    second = prepare_dataset(**arguments)

    assert second == first
    assert {path: path.stat().st_mtime_ns for path in first.folder.iterdir()} == times
    assert sum(first.examples.values()) == 11
    assert [entry["source"] for entry in first.skipped["skipped"]] == ["square 0"]


def test_the_remains_of_a_killed_build_are_removed(tmp_path: Path) -> None:
    remains = tmp_path / "drawn_squares" / "incomplete.AB12CD_1.0.0"
    remains.mkdir(parents=True)
    (remains / "half.tfrecord").write_bytes(b"half")

    prepare_dataset(builder=BUILDER, builder_kwargs={"count": 6}, folder=tmp_path)

    assert not remains.exists()


@pytest.mark.parametrize(
    "path", ["tests.drawn_squares.Nothing", "tests.nowhere.Builder", "Builder"]
)
def test_a_builder_that_cannot_be_imported_is_named(path: str) -> None:
    with pytest.raises(ValueError, match=f"dotted path .* got '{path}'"):
        import_builder(path)
