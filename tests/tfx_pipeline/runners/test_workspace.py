"""One process per workspace; a folder that cannot be used is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tfx_pipeline.runners.workspace import Workspace, WorkspaceError

HOLD = """
import sys
from tfx_pipeline.runners.workspace import Workspace
with Workspace.at(sys.argv[1]).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        with (
            pytest.raises(WorkspaceError, match=f"in use by .* {holder.pid};"),
            Workspace.at(str(tmp_path)).locked(),
        ):
            pass
    finally:
        holder.kill()
        holder.communicate()

    with Workspace.at(str(tmp_path)).locked():  # the lock died with its process
        assert (tmp_path / ".lock").read_text() == str(os.getpid())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with (
        pytest.raises(WorkspaceError, match=r"--root must be .* got .*file/runs: Not"),
        Workspace.at(str(tmp_path / "file" / "runs")).locked(),
    ):
        pass
