import json
import math
from typing import Any

import pytest

from tfds_builders.coco_cars.json_walk import load_object


def length(entry: Any, start: int, end: int) -> int:
    return end - start


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        ' {"a" : [ ] , "b":[1,[2, 3] ,{"x":"]}"}],\n"c": null}\t',
        '{"b": {"a": [1]}, "a": "text", "\\u0062": [1e5, NaN, true, -0.0]}',
        '{"a": [1], "a": [2, 3]}',
        "[1, 2]",
        '"a"',
        "7",
    ],
)
def test_what_is_read_is_what_json_loads_reads(text: str) -> None:
    whole = {name: lambda entry, start, end: entry for name in "ab"}
    assert repr(load_object(text, whole)) == repr(json.loads(text))
    assert repr(load_object(text, {})) == repr(json.loads(text))


def test_only_what_is_kept_of_an_entry_stays() -> None:
    text = '{"a": [1.25, {"b": [8]}, "문"], "b": [1.25], "c": {"a": [9]}}'
    assert load_object(text, {"a": length}) == {
        "a": [4, 10, 3],
        "b": [1.25],
        "c": {"a": [9]},
    }


def test_entries_are_kept_one_at_a_time_and_in_order() -> None:
    text = json.dumps({"b": list(range(5)), "a": [math.pi] * 3})
    spans: list[tuple[int, int]] = []
    load_object(text, dict.fromkeys("ab", lambda _, *span: spans.append(span)))
    assert [text[start:end] for start, end in spans] == [*"01234", *[str(math.pi)] * 3]
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a": [1, ]}',
        '{"a": [1 2]}',
        '{"a": [1',
        '{"a": [1}',
        '{"a" [1]}',
        '{"a": }',
        '{"a": [1],}',
        '{"a": [1]} x',
        '{"a": [1]',
        "{1: 2}",
        "{a: 2}",
        '{"a": [1] "b": 2}',
        '{"a": ["\n"]}',
        '\ufeff{"a": [1]}',
    ],
)
def test_what_is_no_json_is_refused_in_the_words_of_json_loads(text: str) -> None:
    with pytest.raises(ValueError) as expected:
        json.loads(text)
    with pytest.raises(ValueError) as caught:
        load_object(text, {"a": length})
    assert str(caught.value) == str(expected.value)
