"""The hidden folder beside a result, where a bulk run keeps what it has finished."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from components.bulk_inference.part_file import PhotoEntry, part_path, read_part
from components.bulk_inference.work_plan import ChunkPlace
from tfx_pipeline.config.usage_error import UsageError


@dataclass(frozen=True, kw_only=True)
class BulkFolder:
    """The folder of a run, which is one process's at a time."""

    path: Path

    @property
    def plan(self) -> Path:
        """Names of the photos."""
        return self.path / "plan.jsonl"

    @property
    def outcome(self) -> Path:
        """Start of the names of the files in which Beam says what it did."""
        return self.path / "outcome"

    def entries(self, places: Sequence[ChunkPlace]) -> Iterator[PhotoEntry]:
        """Yields all photos' entries, in the order of the plan."""
        for place in places:
            yield from read_part(part_path(self.path, place.index))

    def count_finished(self) -> int:
        """Returns how many chunks have their file."""
        return sum(1 for _ in self.path.glob("part-*.jsonl"))


@contextmanager
def own_folder(path: Path, results: Iterable[Path]) -> Iterator[BulkFolder]:
    """Yields the folder, made where it is not there, while nobody else has it.

    Args:
        path: Of the folder.
        results: Files that the run will write.

    Raises:
        UsageError: A result is there that no run of this folder wrote, the folder
            cannot be made, or another process has it.
    """
    if not path.is_dir():
        _refuse_others(results)
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = (path / "lock").open("w")
    except OSError as err:
        raise UsageError(
            f"--out must be where this command can write, got {str(path.parent)!r}:"
            f" {err.strerror}"
        ) from err
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            raise UsageError(
                f"one process at a time may write {str(path.parent)!r}, and another"
                " does so now; wait for it, or name another place with --out"
            ) from err
        yield BulkFolder(path=path)


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """Yields a place to write to; what is there at the end takes the path's name."""
    place = path.with_name(f".{path.name}.staged")
    try:
        yield place
        place.replace(path)
    finally:
        place.unlink(missing_ok=True)


def _refuse_others(results: Iterable[Path]) -> None:
    for result in results:
        if result.exists():
            raise UsageError(
                f"{str(result)!r} is there and was not written by this command, so it"
                " stays; name another place with --out"
            )
