"""Tensors that cannot be read are refused with the reason."""

from __future__ import annotations

import pytest

from serving.wire import tensor_pb2 as wire
from serving.wire.tensor_values import read_tensor


def tensor(dtype: int, *sizes: int, **fields: object) -> wire.TensorProto:
    made = wire.TensorProto(dtype=dtype, **fields)
    for size in sizes:
        made.tensor_shape.dim.add(size=size)
    return made


OPEN = tensor(wire.DT_FLOAT)
OPEN.tensor_shape.unknown_rank = True
REFUSED = {
    "half": (tensor(19, 2), "got DataType 19"),
    "open rank": (OPEN, "shape must be known"),
    "open size": (tensor(wire.DT_INT32, 2, -1), r"shape must be known, got \[2, -1\]"),
    "too many": (
        tensor(wire.DT_INT32, 2, int_val=[1, 2, 3]),
        "of 2 values must not hold 3",
    ),
    "content cut off": (
        tensor(wire.DT_STRING, 2, tensor_content=b"\x01"),
        "must hold 2 lengths, got 1 in 1 bytes",
    ),
    "content too long": (
        tensor(wire.DT_STRING, 1, tensor_content=b"\x01xy"),
        "must have 2 bytes by its lengths, got 3",
    ),
}


@pytest.mark.parametrize(("made", "sentence"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(made: wire.TensorProto, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_tensor(made)
