from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from serving.server.batching.batcher import Batcher
from serving.server.errors import ServingError
from serving.server.settings.batching_settings import BatchingSettings
from serving.server.watching.metrics import Metrics
from tests.serving.server.batching.fake_graph import FakeGraph


@pytest.fixture
def batchers() -> Iterator[list[Batcher]]:
    made: list[Batcher] = []
    yield made
    for batcher in made:
        batcher.close()


def make_batcher(
    batchers: list[Batcher], settings: BatchingSettings, *, per_model: bool
) -> Batcher:
    batcher = Batcher(settings, per_model=per_model, metrics=Metrics())
    batchers.append(batcher)
    return batcher


def sizes_of_a_run(batcher: Batcher, folder: Path, rows: int) -> list[int]:
    graph = FakeGraph()
    runner = batcher.wrap(graph, str(folder))
    runner.run("serving_default", {"x": np.ones(rows)}, {"y"})
    return graph.sizes


COMMON = BatchingSettings(max_batch_size=4, allowed_batch_sizes=(4,))


def write_params(folder: Path, text: str) -> None:
    (folder / "batching_params.pbtxt").write_text(text)


def test_one_file_holds_for_all_models(batchers: list[Batcher], tmp_path: Path) -> None:
    write_params(tmp_path, "max_batch_size { value: 6 } allowed_batch_sizes: 6")
    batcher = make_batcher(batchers, COMMON, per_model=False)

    assert sizes_of_a_run(batcher, tmp_path, rows=3) == [4]


def test_a_models_own_file_wins_whole(batchers: list[Batcher], tmp_path: Path) -> None:
    write_params(tmp_path, "max_batch_size { value: 6 } num_batch_threads { value: 0 }")
    batcher = make_batcher(batchers, COMMON, per_model=True)

    assert sizes_of_a_run(batcher, tmp_path, rows=5) == [5]


def test_a_model_without_a_file_of_its_own_is_not_batched(
    batchers: list[Batcher], tmp_path: Path
) -> None:
    graph = FakeGraph()
    batcher = make_batcher(batchers, COMMON, per_model=True)

    assert batcher.wrap(graph, str(tmp_path)) is graph


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "max_batch_size { value: 4 } allowed_batch_sizes: 2",
            "INVALID_ARGUMENT: Last entry in allowed_batch_sizes must match"
            " max_batch_size; last entry was 2; expected 4",
        ),
        ("oops", "INVALID_ARGUMENT: Invalid protobuf file: '{file}'; "),
    ],
    ids=["sizes", "text"],
)
def test_what_is_wrong_in_a_models_file_fails_its_load(
    batchers: list[Batcher], tmp_path: Path, text: str, words: str
) -> None:
    write_params(tmp_path, text)
    batcher = make_batcher(batchers, COMMON, per_model=True)

    with pytest.raises(ServingError) as raised:
        batcher.wrap(FakeGraph(), str(tmp_path))

    file = tmp_path / "batching_params.pbtxt"
    assert str(raised.value).startswith(words.format(file=file))


def test_in_a_hurry_a_batch_does_not_wait_for_its_timeout(
    batchers: list[Batcher], tmp_path: Path
) -> None:
    slow = BatchingSettings(max_batch_size=9, batch_timeout_micros=600_000_000)
    batcher = make_batcher(batchers, slow, per_model=False)

    batcher.hurry()

    assert sizes_of_a_run(batcher, tmp_path, rows=2) == [2]
