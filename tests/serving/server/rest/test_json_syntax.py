from __future__ import annotations

import json
import random

import pytest

from serving.server.rest.json_syntax import JsonSyntaxError, check_json

RIGHT = b' {"a": [1, -0.5e+3, "\\u0416\\n", {}, [], true, null, -Infinity, NaN]}\n'


@pytest.mark.parametrize(
    ("text", "words", "offset"),
    [
        (b" \n", "The document is empty.", 2),
        (b"{} x", "The document root must not be followed by other values.", 3),
        (b"01", "The document root must not be followed by other values.", 1),
        (b"x", "Invalid value.", 0),
        (b"nul", "Invalid value.", 3),
        (b"trUe", "Invalid value.", 2),
        (b"[1,]", "Invalid value.", 3),
        (b'{"a":}', "Invalid value.", 5),
        (b"-x", "Invalid value.", 1),
        (b"[", "Invalid value.", 1),
        (b"{a: 1}", "Missing a name for object member.", 1),
        (b'{"a": 1,}', "Missing a name for object member.", 8),
        (b'{"a" 1}', "Missing a colon after a name of object member.", 5),
        (b'{"a": 1 "b"}', "Missing a comma or } after an object member.", 8),
        (b'[{"a": [1}]', "Missing a comma or ] after an array element.", 9),
        (b"[1 2]", "Missing a comma or ] after an array element.", 3),
        (b'"\\u12G4"', "Incorrect hex digit after \\u escape in string.", 1),
        (b'"\xd0\x96\\x"', "Invalid escape character in string.", 3),
        (b'"a\nb"', "Invalid escape character in string.", 2),
        (b'["abc', "Missing a closing quotation mark in string.", 5),
        (b"[1.]", "Miss fraction part in number.", 3),
        (b"[1e+]", "Miss exponent in number.", 4),
    ],
)
def test_what_is_wrong_is_said_where_rapidjson_says_it(
    text: bytes, words: str, offset: int
) -> None:
    with pytest.raises(JsonSyntaxError) as raised:
        check_json(text)
    assert (raised.value.words, raised.value.offset) == (words, offset)


def test_what_is_right_passes_at_any_depth() -> None:
    check_json(RIGHT)
    check_json(b"[" * 100_000 + b"]" * 100_000)


def test_it_refuses_what_python_refuses() -> None:
    rng = random.Random(7)
    refused = 0
    for _ in range(3000):
        data = bytearray(RIGHT)
        for _ in range(rng.randrange(1, 3)):
            place = rng.randrange(len(data))
            data[place : place + rng.randrange(3)] = rng.choice(
                [b"", b"[", b"]", b"{", b'"', b",", b"1", b".", b"e", b"-", b"\\", b"u"]
            )
        try:
            json.loads(data)
        except ValueError:
            refused += 1
            with pytest.raises(JsonSyntaxError) as raised:
                check_json(bytes(data))
            assert 0 <= raised.value.offset <= len(data)
        else:
            check_json(bytes(data))
    assert refused > 1000
