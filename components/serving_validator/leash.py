"""Runs a command that ends when its starter ends, also where that is killed.

Run as a script, `python leash.py COMMAND...`, with the other end of stdin held by the
starter: the system closes it when the starter is gone. Imports nothing but Python.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

GRACE_S = 20.0
NOT_STARTED = 127  # as a shell says it


def main(command: list[str]) -> int:
    """Runs the command; returns its exit code, 128 + signal where one ended it."""
    try:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    except OSError as err:
        print(f"cannot start {command[0]}: {err.strerror}", file=sys.stderr)
        return NOT_STARTED
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    threading.Thread(target=_end_with_starter, args=(server,), daemon=True).start()
    code = server.wait()
    return code if code >= 0 else 128 - code


def _end_with_starter(server: subprocess.Popen[bytes]) -> None:
    os.read(sys.stdin.fileno(), 1)  # nobody writes: returns when stdin is closed
    server.terminate()
    try:
        server.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
