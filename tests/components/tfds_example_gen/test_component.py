"""The node by its name: which builder it runs, and where its records go."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from components.artifacts import SkippedSources
from components.tfds_example_gen.component import TfdsExampleGen
from components.tfds_example_gen.executor import Executor
from components.tfds_example_gen.named_dataset import find_named_dataset

pytestmark = pytest.mark.integration

FIND_BUILDER = "tests.components.tfds_example_gen.test_component.find_builder"


def find_builder(name: str) -> str:
    return f"tests.{name}.Builder"


def test_a_name_stands_for_builder_configuration_and_folder() -> None:
    named = find_named_dataset(
        "drawn_squares/small",
        find_builder=FIND_BUILDER,
        manual_dir="/photos",
        builder_kwargs={"count": 6},
    )

    assert named.builder == "tests.drawn_squares.Builder"
    assert named.builder_kwargs == {
        "count": 6,
        "manual_dir": "/photos",
        "config": "small",
    }


def test_without_folder_and_configuration_the_builder_gets_its_defaults() -> None:
    named = find_named_dataset(
        "drawn_squares", find_builder=FIND_BUILDER, manual_dir="", builder_kwargs={}
    )

    assert named.builder_kwargs == {"manual_dir": None}


def test_without_a_data_folder_nothing_but_the_artifacts_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tfx.types import standard_artifacts

    node = TfdsExampleGen(
        dataset="drawn_squares",
        find_builder=FIND_BUILDER,
        builder_kwargs={"count": 6},
        data_dir="",
        content_fingerprint="drawn",
        code_fingerprint="abc",
    )
    outputs: dict[str, list[Any]] = {
        "examples": [standard_artifacts.Examples()],
        "skipped": [SkippedSources()],
    }
    for name, (artifact,) in outputs.items():
        artifact.uri = str(tmp_path / name)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    Executor().Do({}, outputs, dict(node.exec_properties))

    assert not list(scratch.glob("carseg-data-*"))
    (examples,) = outputs["examples"]
    assert json.loads(examples.split_names) == ["train", "eval", "test"]
    assert len(list((tmp_path / "examples").glob("Split-*/data_tfrecord-*"))) == 3
    skipped = json.loads((tmp_path / "skipped/skipped.json").read_text("utf-8"))
    assert (skipped["read"], skipped["skipped"]) == (6, [])
