"""The backup of a training: one file that is whole or does not count."""

from __future__ import annotations

import hashlib
import io
import json
import posixpath
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tfx_pipeline.training.say import say

Arrays = dict[str, npt.NDArray[Any]]

_FILE, _STAGED = "backup.npz", "backup.npz.staged"
_RECORD = "record.json"
_KEY_LENGTH = 16
# What NumPy and zipfile raise at cut, mixed up or foreign files.
_DAMAGES = (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile)


def backup_folder(
    resume_root: str,
    custom_config: Mapping[str, Any],
    train_files: Sequence[str],
    base_model: str | None,
) -> str:
    """Returns the folder of this training and no other.

    Args:
        resume_root: Folder that outlives a killed run.
        custom_config: All settings of the Trainer node.
        train_files: Its file patterns, which name the Transform artifact.
        base_model: The model that it starts from.
    """
    inputs = [custom_config, list(train_files), base_model]
    text = json.dumps(inputs, sort_keys=True)
    key = hashlib.sha256(text.encode("utf-8")).hexdigest()[:_KEY_LENGTH]
    return posixpath.join(resume_root, key)


@dataclass(frozen=True, kw_only=True)
class Backup:
    """Arrays and a record that outlive a killed process.

    Attributes:
        folder: Where the file lies, also on a remote file system; "" keeps nothing.
    """

    folder: str

    def write(self, arrays: Arrays, record: Mapping[str, Any]) -> None:
        """Replaces the backup; until the last moment the old one is the valid one."""
        if not self.folder:
            return
        tf.io.gfile.makedirs(self.folder)
        text = np.frombuffer(json.dumps(record).encode("utf-8"), np.uint8)
        with tf.io.gfile.GFile(self._path(_STAGED), "wb") as out:
            content: dict[str, Any] = {**arrays, _RECORD: text}
            np.savez(_Stream(out), **content)
        tf.io.gfile.rename(self._path(_STAGED), self._path(_FILE), overwrite=True)

    def read(self) -> tuple[Arrays, dict[str, Any]] | None:
        """Returns arrays and record; None where there are none or they are damaged."""
        if not self.folder or not tf.io.gfile.exists(self._path(_FILE)):
            return None
        try:
            with (
                tf.io.gfile.GFile(self._path(_FILE), "rb") as content,
                np.load(content, allow_pickle=False) as file,
            ):
                arrays = {name: file[name] for name in file.files}
            return arrays, json.loads(arrays.pop(_RECORD).tobytes())
        except _DAMAGES as err:
            reason = str(err).partition("\n")[0] or type(err).__name__
            self.report_unusable(reason)
            return None

    def report_unusable(self, reason: str) -> None:
        """Says in one line that the training starts anew, and why."""
        say(f"the backup {self._path(_FILE)} is not used, training anew: {reason}")

    def remove(self) -> None:
        """Removes the folder."""
        if self.folder and tf.io.gfile.exists(self.folder):
            tf.io.gfile.rmtree(self.folder)

    def _path(self, name: str) -> str:
        return posixpath.join(self.folder, name)


class _Stream(io.RawIOBase):
    """What zipfile can write to: a GFile's own `seek` fails in a way it cannot take."""

    def __init__(self, out: tf.io.gfile.GFile) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._out.write(bytes(data))
        return len(data)
