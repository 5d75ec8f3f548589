"""A chunk of photos becomes entries, whatever a single photo does."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.bulk_inference.chunk_work import is_finished, work_on_chunk
from components.bulk_inference.part_file import write_part
from components.bulk_inference.photo_answer import NoAnswer, PhotoAnswer
from components.bulk_inference.photo_work import KeptPhoto


class CountingWork:
    """Reads nothing from disk: a photo's bytes are its name."""

    def __init__(self, faults: Mapping[str, Exception] | None = None) -> None:
        self.faults = dict(faults or {})
        self.sources: dict[str, str] = {}
        self.kept: set[str] = set()
        self.in_memory, self.most_in_memory = 0, 0
        self.lock = threading.Lock()

    identity = "counting"

    def source(self, name: str) -> str:
        return self.sources.get(name, f"state of {name}")

    def read(self, name: str) -> bytes:
        if name.startswith("unread"):
            raise self.faults[name]
        with self.lock:
            self.in_memory += 1
            self.most_in_memory = max(self.most_in_memory, self.in_memory)
        return name.encode()

    def keep(self, name: str, answer: PhotoAnswer) -> KeptPhoto:
        with self.lock:
            self.in_memory -= 1
        if name in self.faults:
            raise self.faults[name]
        self.kept.add(name)
        return KeptPhoto(fields={"height": answer.height}, lines=(name.upper(),))

    def is_kept(self, name: str, fields: Mapping[str, Any]) -> bool:
        return name in self.kept


def predict(photos: Sequence[bytes]) -> list[PhotoAnswer | NoAnswer]:
    return [
        NoAnswer(reason="damaged", is_final=photo == b"refused")
        if photo in (b"refused", b"crashed")
        else PhotoAnswer(
            mask_png=photo,
            height=len(photo),
            width=1,
            areas=np.zeros(1, np.float32),
            confidence=0.5,
        )
        for photo in photos
    ]


def test_entries_stand_in_the_order_of_the_names_whatever_fails() -> None:
    work = CountingWork(
        {
            "unread_value": ValueError("no\n  picture"),
            "unread_gone": FileNotFoundError(errno.ENOENT, "gone"),
            "unread_os": PermissionError(errno.EACCES, "not yours"),
            "taken": FileExistsError("is there"),
            "long": OSError(errno.ENAMETOOLONG, "long"),
            "odd": ValueError("odd answer"),
        }
    )
    names = ["a", "unread_value", "refused", "taken", "bb", "unread_gone", "long"]
    names += ["crashed", "unread_os", "odd", "ccc"]

    entries = list(work_on_chunk(names, predict, work, batch_size=3))

    assert [entry.photo for entry in entries] == names
    good = {entry.photo: entry for entry in entries if not entry.failure}
    assert {name: entry.fields for name, entry in good.items()} == {
        "a": {"height": 1},
        "bb": {"height": 2},
        "ccc": {"height": 3},
    }
    assert good["bb"].lines == ("BB",)
    failures = {entry.photo: entry.failure for entry in entries if entry.failure}
    assert failures["unread_value"] == "no picture"
    assert failures["refused"] == failures["crashed"] == "damaged"
    assert failures["taken"] == "is there"
    # What may go better the next time has no source, so that it is tried again.
    again = {entry.photo for entry in entries if not entry.source}
    assert again == {"taken", "crashed", "unread_os"}


@pytest.mark.parametrize("batch_size", [1, 4, 7, 50])
def test_two_batches_are_in_memory_at_most(batch_size: int) -> None:
    work = CountingWork()
    batches: list[int] = []

    def counting(photos: Sequence[bytes]) -> list[PhotoAnswer | NoAnswer]:
        batches.append(len(photos))
        return predict(photos)

    names = [f"{index}" for index in range(30)]
    entries = list(work_on_chunk(names, counting, work, batch_size=batch_size))

    assert [entry.photo for entry in entries] == names
    assert sum(batches) == 30
    assert max(batches) == min(batch_size, 30)
    assert work.most_in_memory <= 2 * batch_size


def test_a_full_disk_ends_it() -> None:
    work = CountingWork({"b": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))})

    with pytest.raises(OSError, match="No space left"):
        list(work_on_chunk(["a", "b", "c"], predict, work, batch_size=2))


def test_a_chunk_is_finished_while_photos_and_masks_are_the_same(
    tmp_path: Path,
) -> None:
    work, path = CountingWork(), tmp_path / "part"
    names = ["a", "refused", "c"]
    assert not is_finished(path, "key", work)
    write_part(path, "key", work_on_chunk(names, predict, work, batch_size=2))

    assert is_finished(path, "key", work)
    assert not is_finished(path, "other", work)
    work.sources["refused"] = "another file"
    assert not is_finished(path, "key", work)
    work.sources.clear()
    work.kept.remove("c")
    assert not is_finished(path, "key", work)


def test_a_chunk_with_a_passing_failure_is_not_finished(tmp_path: Path) -> None:
    work, path = CountingWork(), tmp_path / "part"
    entries = work_on_chunk(["a", "crashed"], predict, work, batch_size=2)

    write_part(path, "key", entries)

    assert not is_finished(path, "key", work)
