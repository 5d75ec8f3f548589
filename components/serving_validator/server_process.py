"""A server in a process group of its own: started, watched, measured, stopped."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from components.serving_validator import leash

HOST = "127.0.0.1"
_LOG_LINES = 30
_LOG_BYTES = 2**16
_KB_PER_MB = 1024


class ServerProcess:
    """Handle of a running server; made by `running_server`."""

    def __init__(self, command: Sequence[str], log_file: Path) -> None:
        self._log_file = log_file
        with log_file.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(leash.__file__), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def has_ended(self, within_s: float) -> bool:
        """Returns whether it ends by itself within that time."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(within_s)
        return self.exit_code is not None

    def peak_memory_mb(self) -> float:
        """Returns the most memory that the server's processes have held so far."""
        leader = self._process.pid
        return (
            sum(_peak_memory_kb(pid) for pid in _processes_of(leader) if pid != leader)
            / _KB_PER_MB
        )

    def log_end(self) -> list[str]:
        """Returns the last lines of stdout and stderr, without folders' names."""
        with self._log_file.open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - _LOG_BYTES))
            text = log.read().decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if line.strip()]
        return [without_folders(line) for line in lines[-_LOG_LINES:]]

    def stop(self, timeout_s: float) -> bool:
        """Ends the server; returns whether it did when it was asked to."""
        self._process.terminate()
        try:
            self._process.wait(timeout_s)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            assert self._process.stdin is not None, "it was opened as a pipe"
            self._process.stdin.close()


@contextlib.contextmanager
def running_server(
    command: Sequence[str], log_file: Path, stop_timeout_s: float
) -> Iterator[ServerProcess]:
    """Starts a server and ends it, whatever happens in between."""
    server = ServerProcess(command, log_file)
    try:
        yield server
    finally:
        server.stop(stop_timeout_s)


def free_ports(count: int) -> list[int]:
    """Returns ports of this machine that nobody listens on now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for opened in sockets:
            opened.bind((HOST, 0))
        return [opened.getsockname()[1] for opened in sockets]


def is_listening(port: int) -> bool:
    """Tells whether somebody accepts connections."""
    with socket.socket() as tried:
        tried.settimeout(1.0)
        return tried.connect_ex((HOST, port)) == 0


def without_folders(text: str) -> str:
    """Returns the text with absolute paths cut to their last name.

    Example:
        >>> without_folders("cannot read /home/ann/models/1/saved_model.pb")
        'cannot read saved_model.pb'
    """
    return re.sub(r"(?<![\w./:])/(?:[^\s/:'\"]+/)+", "", text)


def _processes_of(group: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):  # it ended while we looked
                # After the name, which may hold spaces: state, parent, group.
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[2]) == group:
                    found.append(int(entry.name))
    return found


def _peak_memory_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) if found else 0
    return 0
