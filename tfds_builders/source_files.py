"""Reading files of the user's folder without naming the machine's paths."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any


def printable_path(path: str) -> str:
    r"""Returns a path in Unicode NFC; bytes that are no UTF-8 become `\xNN`."""
    spelled = unicodedata.normalize("NFC", path)
    return spelled.encode("utf-8", "surrogateescape").decode(
        "utf-8", "backslashreplace"
    )


def read_source(folder: Path, path: str) -> bytes:
    """Returns the content of a file below the folder.

    Raises:
        ValueError: It cannot be read; the message names the path below the folder.
    """
    try:
        return (folder / path).read_bytes()
    except OSError as err:
        raise unreadable(path, err) from err


def unreadable(path: str, err: OSError) -> ValueError:
    """Returns the error of a file that cannot be read, without the folder's path.

    The system's own text would carry this machine's path into `skipped.json`.
    """
    return ValueError(
        f"cannot read {printable_path(path)!r}: {err.strerror}; check the file"
    )


def read_json_source(folder: Path, path: str) -> Any:
    """Returns the JSON of a file below the folder; a byte order mark is ignored.

    Raises:
        ValueError: It cannot be read or is no JSON in UTF-8.
    """
    data = read_source(folder, path)
    try:
        return json.loads(data.decode("utf-8-sig"))
    except ValueError as err:  # of the encoding as well as of the JSON
        raise not_json(path, err) from err


def not_json(path: str, err: ValueError) -> ValueError:
    """Returns the error of a file whose text or JSON cannot be read."""
    return ValueError(
        f"{printable_path(path)!r} must hold JSON in UTF-8, but {err}; export it again"
    )
