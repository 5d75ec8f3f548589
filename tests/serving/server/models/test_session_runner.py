"""A Session as TensorFlow Serving runs it: unchecked shapes, exact words, deadlines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from serving.server.errors import (
    Code,
    DeadlineExceededError,
    InvalidArgumentError,
    NotFoundError,
    ServingError,
)
from serving.server.models.session_config import session_config
from serving.server.models.session_runner import SessionRunner
from tests.serving.server.models.graphs import save_graph

SOON_S = 60.0


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionRunner]:
    folder = tmp_path_factory.mktemp("graphs") / "1"
    save_graph(folder)
    opened = SessionRunner(str(folder))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("tag", "content", "code", "words"),
    [
        ("gpu", None, Code.NOT_FOUND, "matching supplied tags: { gpu }"),
        ("serve", b"no graph", Code.DATA_LOSS, "Can't parse .*/saved_model.pb as"),
    ],
)
def test_what_cannot_be_loaded_is_told_as_tensorflow_serving_tells_it(
    tmp_path: Path, tag: str, content: bytes | None, code: Code, words: str
) -> None:
    save_graph(tmp_path / "1")
    if content is not None:
        (tmp_path / "1/saved_model.pb").write_bytes(content)
    with pytest.raises(ServingError, match=words) as raised:
        SessionRunner(str(tmp_path / "1"), tags=[tag])
    assert raised.value.code is code


@pytest.mark.parametrize("until_s", [None, SOON_S])
def test_shapes_are_left_to_the_graph(
    runner: SessionRunner, until_s: float | None
) -> None:
    until = None if until_s is None else time.monotonic() + until_s
    flat = {"x": np.float32([1, 2, 3])}  # declared as [-1, 1]
    answer = runner.run("add", flat, {"y", "again"}, until=until)
    assert sorted(answer) == ["again", "y"]  # one tensor under two names
    for array in answer.values():
        np.testing.assert_array_equal(array, np.float32([2, 3, 4]))


def test_strings_keep_their_zero_bytes(runner: SessionRunner) -> None:
    text = np.array([b"a\0b\0", b"", bytes(range(256))], object)
    answer = runner.run("echo", {"text": text}, {"text"})
    assert answer["text"].tolist() == text.tolist()


def test_tensors_without_dimensions_stay_arrays(runner: SessionRunner) -> None:
    text = np.array(b"a\0", object)
    array = runner.run("echo", {"text": text}, {"text"})["text"]
    assert (array.shape, array.dtype, array.item()) == ((), np.dtype(object), b"a\0")
    number = runner.run("add", {"x": np.float32(2)}, {"y"})["y"]
    assert (number.shape, number.dtype, number.item()) == ((), np.float32, 3)


def test_a_wrong_type_is_told_in_the_sessions_words(runner: SessionRunner) -> None:
    words = "Expects arg[0] to be float but string is provided"
    with pytest.raises(tf.errors.InvalidArgumentError) as raised:
        runner.run("add", {"x": np.array([b"1"], object)}, {"y"})
    assert raised.value.message == words


def test_an_error_that_quotes_bytes_keeps_its_words(runner: SessionRunner) -> None:
    text = np.array([b"\xff1"], object)
    with pytest.raises(InvalidArgumentError) as raised:
        runner.run("number", {"text": text}, {"number"})
    assert "could not correctly convert string: \ufffd1" in raised.value.message


def test_a_graph_stops_when_its_caller_gives_up(runner: SessionRunner) -> None:
    started = time.monotonic()
    with pytest.raises(tf.errors.DeadlineExceededError) as raised:
        runner.run("slow", {"start": np.float32(1)}, {"end"}, until=started + 0.3)
    assert raised.value.message == "Timed out waiting for notification"
    assert time.monotonic() - started >= 0.3
    used = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - used < 0.25  # a loop that goes on uses all of it


def test_nothing_runs_for_a_caller_who_has_gone(runner: SessionRunner) -> None:
    with pytest.raises(DeadlineExceededError, match="before the model was run"):
        runner.run("add", {"x": np.float32([1])}, {"y"}, until=time.monotonic() - 1)


def test_a_signature_of_another_graph_is_an_error_of_the_model(
    runner: SessionRunner,
) -> None:
    signature = type(runner.signatures["add"])()
    signature.CopyFrom(runner.signatures["add"])
    signature.outputs["y"].name = "gone:0"
    runner.signatures["broken"] = signature
    with pytest.raises(NotFoundError, match="the graph has no tensor 'gone:0'"):
        runner.run("broken", {"x": np.float32([1])}, {"y"})


@pytest.mark.parametrize(
    ("session", "intra", "inter", "wanted"),
    [(0, 0, 0, (0, 0)), (3, 0, 0, (3, 3)), (3, 2, 0, (2, 0)), (0, 2, 5, (2, 5))],
)
def test_threads_are_shared_out_as_in_tensorflow_serving(
    session: int, intra: int, inter: int, wanted: tuple[int, int]
) -> None:
    config = session_config(
        session_threads=session,
        intra_op_threads=intra,
        inter_op_threads=inter,
        gpu_memory_fraction=0.25,
    )
    threads = config.intra_op_parallelism_threads, config.inter_op_parallelism_threads
    assert threads == wanted
    assert config.gpu_options.per_process_gpu_memory_fraction == 0.25


def test_all_three_numbers_of_threads_at_once_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="cannot configure all"):
        session_config(
            session_threads=1,
            intra_op_threads=1,
            inter_op_threads=1,
            gpu_memory_fraction=0,
        )
