"""The folder of a run: its places, and the lock that keeps a second process out."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class WorkspaceError(OSError):
    """The folder of a run cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Workspace:
    """Places below the root of a run."""

    root: Path
    option: str = "--root"  # how a person chooses another one

    @classmethod
    def at(cls, root: str, *, option: str = "--root") -> Workspace:
        """Returns the workspace at a folder, with its path made absolute."""
        return cls(Path(root).expanduser().resolve(), option)

    @property
    def metadata_path(self) -> Path:
        """SQLite file of ML Metadata."""
        return self.root / "metadata.sqlite"

    @property
    def data_dir(self) -> Path:
        """Prepared datasets."""
        return self.root / "datasets"

    @property
    def log_file(self) -> Path:
        """Everything that the libraries log during a run."""
        return self.root / "carseg.log"

    def pipeline_root(self, name: str) -> Path:
        """Artifacts of the pipeline with this name."""
        return self.root / "pipelines" / name

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the workspace for this process; the lock ends with the process."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = (self.root / ".lock").open("a+", encoding="utf-8")
        except OSError as err:
            raise WorkspaceError(
                f"{self.option} must be a folder that can be written, got {self.root}:"
                f" {err.strerror}; choose another"
            ) from err
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as err:
                lock.seek(0)
                raise WorkspaceError(
                    f"{self.root} is in use by carseg process {lock.read().strip()};"
                    f" wait for it to end, or choose another folder with {self.option}"
                ) from err
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield
