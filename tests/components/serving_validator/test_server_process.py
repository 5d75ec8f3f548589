from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from components.serving_validator.server_process import (
    free_ports,
    is_listening,
    running_server,
    without_folders,
)

PYTHON = sys.executable
LISTEN = (
    "import signal, socket, sys, time; {setup};"
    "s = socket.create_server(('127.0.0.1', int(sys.argv[1])));"
    "held = bytearray(90_000_000); print('ready', flush=True); time.sleep(600)"
)
IGNORE = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
START_AND_DIE = """
import os, signal, sys, time
from pathlib import Path
from components.serving_validator.server_process import ServerProcess, is_listening
ServerProcess([sys.executable, "-c", sys.argv[1], sys.argv[2]], Path(sys.argv[3]))
while not is_listening(int(sys.argv[2])):
    time.sleep(0.02)
os.kill(os.getpid(), signal.SIGKILL)
"""


def wait_for(port: int, listening: bool) -> None:
    end = time.monotonic() + 20
    while is_listening(port) is not listening:
        assert time.monotonic() < end, f"port {port} is still {not listening}"
        time.sleep(0.02)


def wait_for_log(log: Path) -> None:
    while not log.read_text():
        time.sleep(0.02)


def test_a_server_is_measured_and_stopped(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    log = tmp_path / "log"
    command = [PYTHON, "-c", LISTEN.format(setup="0"), str(port)]
    with running_server(command, log, 20) as server:
        wait_for(port, listening=True)
        wait_for_log(log)
        assert server.exit_code is None
        assert 90 < server.peak_memory_mb() < 250
        assert server.log_end() == ["ready"]
        assert server.stop(20)
        assert server.exit_code == 128 + 15
    wait_for(port, listening=False)


def test_a_server_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    command = [PYTHON, "-c", LISTEN.format(setup=IGNORE), str(port)]
    with running_server(command, tmp_path / "log", 0.2) as server:
        wait_for(port, listening=True)
        assert not server.stop(0.2)
    wait_for(port, listening=False)


def test_a_server_ends_with_a_starter_that_is_killed(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    listen = LISTEN.format(setup="0")
    script = [PYTHON, "-c", START_AND_DIE, listen, str(port), str(tmp_path / "log")]
    done = subprocess.run(script, cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == -9
    wait_for(port, listening=False)


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with running_server(["/opt/no/server"], tmp_path / "log", 5) as server:
        while server.exit_code is None:
            time.sleep(0.02)
        assert server.exit_code == 127
        assert server.log_end() == ["cannot start server: No such file or directory"]


def test_the_log_is_quoted_from_its_end_and_without_folders(tmp_path: Path) -> None:
    talk = "for n in range(50): print(n, '/a/b/c.py:3 http://x/y')"
    with running_server([PYTHON, "-c", talk], tmp_path / "log", 5) as server:
        while server.exit_code is None:
            time.sleep(0.02)
        assert server.log_end() == [f"{n} c.py:3 http://x/y" for n in range(20, 50)]
    assert without_folders("read '/home/ann b/x'; see v1/models/x") == (
        "read 'ann b/x'; see v1/models/x"
    )
