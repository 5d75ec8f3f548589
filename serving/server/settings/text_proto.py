"""Reads a configuration file of the server: a message in protobuf's text format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from google.protobuf import text_format

from serving.server.errors import InvalidArgumentError


def read_text_proto(path: str, message: Any, *, flag: str, kind: str) -> None:
    """Fills a message.

    Args:
        path: The file.
        message: Is filled.
        flag: Which named the file.
        kind: What TensorFlow Serving calls the message.

    Raises:
        InvalidArgumentError: The file cannot be read, or holds something else.
    """
    try:
        text_format.Parse(Path(path).read_text("utf-8"), message)
    except OSError as err:
        raise InvalidArgumentError(
            f"--{flag} must be a readable file, got {path!r}: {err.strerror}; check the"
            " path"
        ) from err
    except (text_format.ParseError, UnicodeDecodeError) as err:
        raise InvalidArgumentError(
            f"Error parsing text-format tensorflow.serving.{kind}: {path}:{err}"
        ) from err
