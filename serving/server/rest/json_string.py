"""Strings as the JSON text that RapidJSON writes for TensorFlow Serving."""

from __future__ import annotations

import json
import re

INDENT = "    "
# RapidJSON writes the digits of an escape in capitals. Every escape is taken whole, so
# that an escaped backslash begins nothing.
_ESCAPE = re.compile(r"\\(?:u(00[01][0-9a-f])|.)")


def quote(text: str) -> str:
    r"""Returns a string with its quotation marks.

    >>> print(quote("\x1f"))
    "\u001F"
    """
    quoted = json.dumps(text, ensure_ascii=False)
    if "\\u" not in quoted:
        return quoted
    return _ESCAPE.sub(_raise_digits, quoted)


def _raise_digits(escape: re.Match[str]) -> str:
    return f"\\u{escape[1].upper()}" if escape[1] else escape[0]
