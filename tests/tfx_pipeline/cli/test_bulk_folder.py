"""The work folder is one process's at a time, and results are whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfx_pipeline.cli.bulk_folder import own_folder, staged
from tfx_pipeline.config.usage_error import UsageError


def test_a_second_process_is_refused_while_the_first_works(tmp_path: Path) -> None:
    work = tmp_path / "out" / "work"
    with (
        own_folder(work, []) as folder,
        pytest.raises(UsageError, match="one process at a time"),
        own_folder(work, []),
    ):
        pass
    assert folder.path == work
    with own_folder(work, []):  # free again
        pass


def test_a_result_that_no_run_wrote_stays(tmp_path: Path) -> None:
    result = tmp_path / "photos.csv"
    result.write_text("mine")

    with (
        pytest.raises(UsageError, match="was not written by this command"),
        own_folder(tmp_path / "work", [tmp_path / "none", result]),
    ):
        pass
    assert result.read_text() == "mine"
    assert not (tmp_path / "work").exists()


def test_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with (
        pytest.raises(UsageError, match="where this command can write, got"),
        own_folder(tmp_path / "file" / "work", []),
    ):
        pass


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")

    def fail() -> None:
        with staged(path) as place:
            place.write_text("half")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [
        ("a.csv", "before")
    ]
    with staged(path) as place:
        place.write_text("after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
