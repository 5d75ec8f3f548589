from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from serving.server.batching.row_merging import (
    count_rows,
    merge_inputs,
    round_up,
    split_outputs,
)
from serving.server.batching.task import Task
from serving.server.errors import Code, ServingError


def make_task(array: np.ndarray) -> Task:
    return Task(inputs={"x:0": array}, size=len(array), queued_at=0)


def merged(*arrays: np.ndarray, size: int = 0, pads_lengths: bool = False) -> Any:
    tasks = [make_task(array) for array in arrays]
    batch_size = size or sum(len(array) for array in arrays)
    inputs = merge_inputs(tasks, batch_size=batch_size, pads_lengths=pads_lengths)
    return inputs["x:0"]


@pytest.mark.parametrize(
    ("size", "allowed", "expected"),
    [(3, (2, 4, 8), 4), (4, (2, 4), 4), (5, (2, 4), 5), (5, (), 5), (0, (2, 4), 0)],
)
def test_a_batch_is_rounded_up_to_an_allowed_size(
    size: int, allowed: tuple[int, ...], expected: int
) -> None:
    assert round_up(size, allowed) == expected


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([], "Batching Run() must have at least one input tensor"),
        ([()], "Batching Run() input tensors must have at least one dimension"),
        (
            [(2, 3), (3, 3)],
            "Batching Run() input tensors must have equal 0th-dimension size",
        ),
    ],
    ids=["none", "scalar", "unequal"],
)
def test_inputs_without_a_common_size_are_refused(
    shapes: list[tuple[int, ...]], message: str
) -> None:
    inputs = {f"x{number}:0": np.zeros(shape) for number, shape in enumerate(shapes)}

    with pytest.raises(ServingError) as raised:
        count_rows(inputs)

    assert str(raised.value) == f"INVALID_ARGUMENT: {message}"


def test_rows_stand_in_the_order_of_their_tasks() -> None:
    rng = np.random.default_rng()
    first, second = rng.random((2, 3)), rng.random((1, 3))

    np.testing.assert_array_equal(merged(first, second), [*first, *second])


def test_a_batch_is_filled_up_with_the_first_row_of_the_last_task() -> None:
    first, second = np.array([[1], [2]]), np.array([[3], [4]])

    assert merged(first, second, size=7).tolist() == [[1], [2], [3], [4]] + [[3]] * 3


def test_strings_are_merged_and_filled_up_as_they_are() -> None:
    first = np.array([b"a\0", b"bb"], object)

    result = merged(first, np.array([b"c\0\0"], object), size=4)

    assert result.dtype == object
    assert result.tolist() == [b"a\0", b"bb", b"c\0\0", b"c\0\0"]


def test_a_task_without_rows_does_not_stop_the_others() -> None:
    full, empty = np.array([5, 6]), np.array([], int)

    assert merged(full, empty, size=4).tolist() == [5, 6, 5, 5]


def test_a_single_task_of_the_right_size_is_not_copied() -> None:
    array = np.arange(4)

    assert merged(array) is array


def test_different_shapes_fail_without_padding() -> None:
    with pytest.raises(ServingError) as raised:
        merged(np.zeros((1, 3)), np.zeros((1, 4)))

    assert raised.value.code is Code.FAILED_PRECONDITION
    assert raised.value.message == (
        "Tensors with name 'x:0' from different tasks have different shapes and padding"
        " is turned off. Set pad_variable_length_inputs to true, or ensure that all"
        " tensors with the same name have equal dimensions starting with the first dim."
    )


def test_different_types_are_not_turned_into_each_other() -> None:
    with pytest.raises(ServingError) as raised:
        merged(np.zeros(1, np.float32), np.zeros(1, np.int64))

    assert str(raised.value) == (
        "INTERNAL: Tensor concat operation failed: INVALID_ARGUMENT: Cannot concatenate"
        " tensors that have different data types. Got float and int64."
    )


def test_lengths_are_padded_with_the_first_value_of_each_tensor() -> None:
    result = merged(
        np.array([[1, 2]]), np.array([[7, 8, 9]]), size=3, pads_lengths=True
    )

    assert result.tolist() == [[1, 2, 1], [7, 8, 9], [7, 8, 9]]


def test_padding_grows_every_dimension_but_the_first() -> None:
    wide, tall = np.full((2, 1, 3), 4), np.full((1, 2, 1), 5)

    result = merged(wide, tall, pads_lengths=True)

    assert result.tolist() == [[[4] * 3] * 2] * 2 + [[[5] * 3] * 2]


def test_strings_are_padded_with_strings() -> None:
    short, long = np.array([[b"a"]], object), np.array([[b"b", b"c\0"]], object)

    assert merged(short, long, pads_lengths=True).tolist() == [
        [b"a", b"a"],
        [b"b", b"c\0"],
    ]


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        (
            [np.zeros((1, 0)), np.zeros((1, 2))],
            "INVALID_ARGUMENT: Got empty tensor in batch of non-empty tensors.",
        ),
        (
            [np.zeros([1] * 7)],
            "INVALID_ARGUMENT: Only tensors with rank from 1 to 6 can be padded.",
        ),
        (
            [np.zeros((1, 2)), np.zeros((1, 2, 2))],
            "FAILED_PRECONDITION: Tensors with name 'x:0' from different tasks must"
            " have as many dimensions to be padded, got 2 and 3; send them in one form",
        ),
    ],
    ids=["empty", "rank", "ranks"],
)
def test_what_cannot_be_padded_fails(arrays: list[np.ndarray], words: str) -> None:
    with pytest.raises(ServingError) as raised:
        merged(*arrays, pads_lengths=True)

    assert str(raised.value) == words


def test_each_task_gets_its_rows_and_nobody_those_that_fill_up() -> None:
    tasks = [make_task(np.zeros(2)), make_task(np.zeros(0)), make_task(np.zeros(1))]
    outputs = {"y:0": np.arange(8).reshape(4, 2), "z:0": np.arange(4)}

    answers = split_outputs(outputs, tasks, batch_size=4)

    found = [
        {name: rows.tolist() for name, rows in answer.items()} for answer in answers
    ]
    assert found == [
        {"y:0": [[0, 1], [2, 3]], "z:0": [0, 1]},
        {"y:0": [], "z:0": []},
        {"y:0": [[4, 5]], "z:0": [2]},
    ]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (np.float32(3), "Batched output tensor has 0 dimensions"),
        (b"one string", "Batched output tensor has 0 dimensions"),
        (
            np.zeros(3),
            "Batched output tensor's 0th dimension does not equal the sum of the 0th"
            " dimension sizes of the input tensors",
        ),
    ],
    ids=["scalar", "string", "rows"],
)
def test_outputs_that_are_not_row_by_row_fail(output: Any, words: str) -> None:
    with pytest.raises(ServingError) as raised:
        split_outputs({"y:0": output}, [make_task(np.zeros(2))], batch_size=2)

    assert str(raised.value) == f"FAILED_PRECONDITION: {words}"
