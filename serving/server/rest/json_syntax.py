"""Where a text stops being JSON, in the words of RapidJSON.

TensorFlow Serving reads JSON with RapidJSON, and its clients get RapidJSON's messages.
Python's reader is faster than anything written here, but says other things in other
places; so this one only runs over what Python has refused.
"""

from __future__ import annotations

import re

EMPTY = "The document is empty."
_SPACE = re.compile(rb"[ \t\n\r]*")
_PLAIN = re.compile(rb'[^"\\\x00-\x1f]*')
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)?")
_DIGITS = re.compile(rb"[0-9]+")
_HEX = re.compile(rb"[0-9A-Fa-f]{4}")
_WORDS = {b"n": b"null", b"t": b"true", b"f": b"false", b"N": b"NaN", b"I": b"Infinity"}
_CLOSERS = {b"[": b"]", b"{": b"}"}
_MISSING_COMMA = {
    b"[": "Missing a comma or ] after an array element.",
    b"{": "Missing a comma or } after an object member.",
}


class JsonSyntaxError(Exception):
    """What is wrong, and at which byte."""

    def __init__(self, words: str, offset: int) -> None:
        super().__init__(words)
        self.words = words
        self.offset = offset


def check_json(data: bytes) -> None:
    """Reads a whole text.

    Raises:
        JsonSyntaxError: At the first byte that cannot stand where it does.
    """
    at = _skip_space(data, 0)
    if at == len(data):
        raise JsonSyntaxError(EMPTY, at)
    opened: list[bytes] = []
    while True:
        mark = data[at : at + 1]
        if mark in _CLOSERS:
            opened.append(mark)
            at = _skip_space(data, at + 1)
            if data[at : at + 1] != _CLOSERS[mark]:
                at = _read_name(data, at) if mark == b"{" else at
                continue
        else:
            at = _read_leaf(data, at)
        at = _skip_closers(data, at, opened)
        if not opened:
            break
        at = _skip_space(data, at + 1)
        at = _read_name(data, at) if opened[-1] == b"{" else at
    if at != len(data):
        raise JsonSyntaxError(
            "The document root must not be followed by other values.", at
        )


def _skip_space(data: bytes, at: int) -> int:
    return _end(_SPACE, data, at)


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    """Returns where a pattern ends that always matches."""
    match = pattern.match(data, at)
    assert match is not None
    return match.end()


def _skip_closers(data: bytes, at: int, opened: list[bytes]) -> int:
    """Returns the next comma, or what follows the root; takes lists that end."""
    at = _skip_space(data, at)
    while opened and data[at : at + 1] != b",":
        if data[at : at + 1] != _CLOSERS[opened[-1]]:
            raise JsonSyntaxError(_MISSING_COMMA[opened[-1]], at)
        opened.pop()
        at = _skip_space(data, at + 1)
    return at


def _read_name(data: bytes, at: int) -> int:
    """Returns where the value of an object's member begins."""
    if data[at : at + 1] != b'"':
        raise JsonSyntaxError("Missing a name for object member.", at)
    at = _skip_space(data, _read_string(data, at + 1))
    if data[at : at + 1] != b":":
        raise JsonSyntaxError("Missing a colon after a name of object member.", at)
    return _skip_space(data, at + 1)


def _read_leaf(data: bytes, at: int) -> int:
    first = data[at : at + 1]
    if first == b'"':
        return _read_string(data, at + 1)
    if first in _WORDS:
        return _read_word(data, at, _WORDS[first])
    return _read_number(data, at)


def _read_word(data: bytes, at: int, word: bytes) -> int:
    for index in range(len(word)):
        if data[at + index : at + index + 1] != word[index : index + 1]:
            raise JsonSyntaxError("Invalid value.", at + index)
    return at + len(word)


def _read_number(data: bytes, at: int) -> int:
    begin = at
    at = _end(_NUMBER, data, at)
    if data[at - 1 : at] == b"-" or at == begin:
        if at > begin and data[at : at + 1] == b"I":
            return _read_word(data, at, _WORDS[b"I"])
        raise JsonSyntaxError("Invalid value.", at)
    if data[at : at + 1] == b".":
        at = _read_digits(data, at + 1, "Miss fraction part in number.")
    if data[at : at + 1] in (b"e", b"E"):
        at += 2 if data[at + 1 : at + 2] in (b"+", b"-") else 1
        at = _read_digits(data, at, "Miss exponent in number.")
    return at


def _read_digits(data: bytes, at: int, words: str) -> int:
    match = _DIGITS.match(data, at)
    if match is None:
        raise JsonSyntaxError(words, at)
    return match.end()


def _read_string(data: bytes, at: int) -> int:
    """Returns what follows the closing quotation mark."""
    while True:
        at = _end(_PLAIN, data, at)
        mark = data[at : at + 1]
        if mark == b'"':
            return at + 1
        if mark == b"\\":
            at = _read_escape(data, at)
        elif mark in (b"", b"\0"):
            raise JsonSyntaxError("Missing a closing quotation mark in string.", at)
        else:
            raise JsonSyntaxError("Invalid escape character in string.", at)


def _read_escape(data: bytes, at: int) -> int:
    kind = data[at + 1 : at + 2]
    if kind == b"u":
        if not _HEX.match(data, at + 2):
            raise JsonSyntaxError("Incorrect hex digit after \\u escape in string.", at)
        return at + 6
    if not kind or kind not in b'"\\/bfnrt':
        raise JsonSyntaxError("Invalid escape character in string.", at)
    return at + 2
