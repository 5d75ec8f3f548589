"""Reads a serialized tf.Example from its wire format, without TensorFlow.

The format is protobuf's, fixed for good: Example{1: Features{1: map entries
{1: name, 2: Feature{1: bytes list | 2: float list | 3: int64 list}}}}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_VARINT, _FIXED64, _LENGTH_DELIMITED, _FIXED32 = 0, 1, 2, 5
_BYTES_LIST, _INT64_LIST = 1, 3

Features = Mapping[str, list[bytes] | list[int]]


def read_example(serialized: bytes) -> dict[str, list[bytes] | list[int]]:
    """Returns the byte and integer features by name; float lists are left out.

    Raises:
        ValueError: The bytes are not a tf.Example.
    """
    features: dict[str, list[bytes] | list[int]] = {}
    view = memoryview(serialized)
    for block in _messages(view, 1):
        for entry in _messages(block, 1):
            name, values = _read_entry(entry)
            if values is not None:
                features[name] = values
    return features


def first_bytes(features: Features, name: str) -> bytes | None:
    """Returns the first value of a byte feature, None where there is none."""
    values = features.get(name) or [None]
    return values[0] if isinstance(values[0], bytes) else None


def first_text(features: Features, name: str) -> str:
    """Returns the first value as text, `''` where there is none."""
    return (first_bytes(features, name) or b"").decode("utf-8", "replace")


def first_int(features: Features, name: str) -> int | None:
    """Returns the first value of an integer feature, None where there is none."""
    values = features.get(name) or [None]
    return values[0] if isinstance(values[0], int) else None


def _read_entry(entry: memoryview) -> tuple[str, list[bytes] | list[int] | None]:
    name = b"".join(_messages(entry, 1)).decode("utf-8", "replace")
    values: list[bytes] | list[int] | None = None
    for feature in _messages(entry, 2):
        for number, _, payload in _fields(feature):
            if not isinstance(payload, memoryview):
                continue  # Feature has only messages; others are from the future
            if number == _BYTES_LIST:
                values = [bytes(value) for value in _messages(payload, 1)]
            elif number == _INT64_LIST:
                values = _read_ints(payload)
    return name, values


def _read_ints(payload: memoryview) -> list[int]:
    values: list[int] = []
    for number, _, value in _fields(payload):
        if number != 1:
            continue
        if isinstance(value, int):  # unpacked
            values.append(_signed(value))
            continue
        position = 0
        while position < len(value):
            raw, position = _read_varint(value, position)
            values.append(_signed(raw))
    return values


def _messages(view: memoryview, wanted: int) -> Iterator[memoryview]:
    for number, _, payload in _fields(view):
        if number == wanted and isinstance(payload, memoryview):
            yield payload


def _fields(view: memoryview) -> Iterator[tuple[int, int, memoryview | int]]:
    position = 0
    while position < len(view):
        key, position = _read_varint(view, position)
        number, wire_type = key >> 3, key & 7
        if number == 0:
            raise ValueError(f"not a tf.Example: field number 0 at byte {position}")
        if wire_type == _VARINT:
            value, position = _read_varint(view, position)
            yield number, wire_type, value
            continue
        length, position = _payload_length(view, position, wire_type)
        if position + length > len(view):
            raise ValueError(
                f"not a tf.Example: field {number} wants {length} bytes,"
                f" {len(view) - position} are left"
            )
        yield number, wire_type, view[position : position + length]
        position += length


def _payload_length(view: memoryview, position: int, wire_type: int) -> tuple[int, int]:
    if wire_type == _LENGTH_DELIMITED:
        return _read_varint(view, position)
    if wire_type in (_FIXED64, _FIXED32):
        return (8 if wire_type == _FIXED64 else 4), position
    raise ValueError(f"not a tf.Example: wire type {wire_type}")


def _read_varint(view: memoryview, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(view):
            raise ValueError("not a tf.Example: it ends inside a number")
        byte = view[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise ValueError("not a tf.Example: a number of more than 64 bits")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value
