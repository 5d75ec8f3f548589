from __future__ import annotations

import errno
import logging
import os
import resource
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from serving.server.watching import record_folder
from serving.server.watching.record_file import RecordFile
from serving.server.watching.record_folder import RecordFolder

RNG = np.random.default_rng(11)


def drawn(count: int, size: int = 300) -> list[bytes]:
    return [RNG.bytes(size) for _ in range(count)]


def stored(file: Path) -> list[bytes]:
    return list(tf.data.TFRecordDataset(str(file)).as_numpy_iterator())


def files(folder: Path, pattern: str = "*.tfrecord") -> list[Path]:
    return sorted(folder.glob(pattern))


def test_a_file_has_another_name_until_it_is_whole(tmp_path: Path) -> None:
    records = drawn(5)
    folder = RecordFolder(tmp_path)
    assert folder.write(records[:2]) and folder.write(records[2:])
    (writing,) = tmp_path.iterdir()
    assert writing.name.endswith(".tfrecord.tmp")
    assert stored(writing) == records  # readable before its end: a kill -9 loses none
    folder.finish()
    (whole,) = tmp_path.iterdir()
    assert whole.name == writing.name.removesuffix(".tmp")
    assert whole.name.startswith("requests-") and str(os.getpid()) in whole.name
    assert stored(whole) == records


def test_large_and_old_files_are_finished(tmp_path: Path) -> None:
    records = drawn(6)
    folder = RecordFolder(tmp_path, max_file_bytes=700)
    for record in records:
        assert folder.write([record])
    written = files(tmp_path)
    assert [stored(file) for file in written] == [records[:3], records[3:]]
    folder = RecordFolder(tmp_path / "old", max_file_s=0.05)
    (tmp_path / "old").mkdir()
    assert folder.write(records[:1])
    time.sleep(0.06)
    folder.finish_if_due()
    assert [stored(file) for file in files(tmp_path / "old")] == [records[:1]]


def write_and_be_killed(folder: RecordFolder, records: list[bytes]) -> int:
    """Returns how the process ended that wrote the records."""
    child = os.fork()
    if not child:
        try:
            folder.write(records)
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_second_run_leaves_what_a_killed_one_has_written(tmp_path: Path) -> None:
    first, second = drawn(2), drawn(3)
    assert write_and_be_killed(RecordFolder(tmp_path), first) == -signal.SIGKILL
    again = RecordFolder(tmp_path)
    assert again.write(second)
    again.finish()
    (left,) = files(tmp_path, "*.tmp")
    (whole,) = files(tmp_path)
    assert (stored(left), stored(whole)) == (first, second)


def test_a_full_disk_costs_records_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(record_folder, "_TRY_EVERY_S", 0.0)
    before, lost, after = drawn(3), drawn(4, 50_000), drawn(2)
    folder = RecordFolder(tmp_path)
    assert folder.write(before)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with caplog.at_level(logging.WARNING):
            assert [folder.write(lost), folder.write(lost)] == [False, False]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert folder.write(after)
    folder.finish()
    assert [stored(file) for file in files(tmp_path)] == [before, after]
    assert files(tmp_path, "*.tmp") == []
    (line,) = caplog.messages
    assert line.startswith(f"the request log {tmp_path} cannot be written (")
    assert line.endswith("); requests go on without it")


class NoRoom(RecordFile):
    tries = 0

    def __init__(self, path: Path) -> None:
        type(self).tries += 1
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def test_without_room_a_try_is_made_once_a_second_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = RecordFolder(tmp_path, open_file=NoRoom)
    with caplog.at_level(logging.WARNING):
        assert not any(folder.write(drawn(1)) for _ in range(50))
    assert 1 <= NoRoom.tries <= 3
    (line,) = caplog.messages
    assert "No space left on device" in line


def test_a_folder_that_vanishes_is_said_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(record_folder, "_TRY_EVERY_S", 0.0)
    records = drawn(2)
    place = tmp_path / "log"
    folder = RecordFolder(place)
    with caplog.at_level(logging.WARNING):
        assert not folder.write(records)
    assert "No such file or directory" in caplog.messages[0]
    place.mkdir()
    assert folder.write(records)
    folder.finish()
    assert [stored(file) for file in files(place)] == [records]
