"""The file that a person signs, as it was when a run began."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# It travels as execution property of a node, through ML Metadata.
MAX_BYTES = 65_536


@dataclass(frozen=True, kw_only=True)
class SignedFile:
    """Path and content.

    Attributes:
        path: As a person wrote it; for messages.
        text: The content; None where there is no file.
    """

    path: str
    text: str | None

    @property
    def sha256(self) -> str | None:
        """Of the file's bytes; None where there is no file."""
        if self.text is None:
            return None
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def to_dict(self) -> dict[str, str | None]:
        """Returns the JSON form; the inverse of `from_dict`."""
        return {"path": self.path, "text": self.text}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SignedFile:
        """Reads the JSON form."""
        return cls(path=values["path"], text=values["text"])


def read_signed_file(path: str) -> SignedFile:
    """Reads the file; that there is none is an answer too, nobody signed yet.

    Raises:
        ValueError: There is something that is no readable, short UTF-8 text.
    """
    try:
        with Path(path).expanduser().open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        text = content.decode("utf-8")
    except FileNotFoundError:
        return SignedFile(path=path, text=None)
    except OSError as err:
        raise ValueError(
            f"the approval must be a file that can be read, got {path}: {err.strerror}"
        ) from err
    except UnicodeDecodeError as err:
        raise ValueError(
            f"the approval must be text in UTF-8, {path} is not (byte {err.start});"
            " save it as UTF-8"
        ) from err
    if len(content) > MAX_BYTES:
        raise ValueError(
            f"the approval must have at most {MAX_BYTES} bytes, {path} has more;"
            " take old signatures out"
        )
    return SignedFile(path=path, text=text)
