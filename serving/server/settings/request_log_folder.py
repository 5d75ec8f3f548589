"""Checks the folder of `--request_log` before the server takes its first request."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from serving.server.errors import InvalidArgumentError


def prepare_request_log_folder(path: str) -> None:
    """Makes the folder where it is missing and writes into it once.

    Raises:
        InvalidArgumentError: Nothing can be written there.
    """
    if "://" in path:
        raise InvalidArgumentError(
            f"--request_log must be a folder of this machine, got {path!r}; log into"
            " one and copy its finished files"
        )
    folder = Path(path).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-") as probe:
            probe.write(b"room")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as err:
        raise InvalidArgumentError(
            f"--request_log must be a writable folder with room, got {path!r}"
            f" ({err.strerror}); choose another, or leave the flag out"
        ) from err
