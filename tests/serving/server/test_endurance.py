"""A minute of fifty clients while versions change: nothing fails, nothing grows."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.serving.server.asking import MODEL, ask
from tests.serving.server.busy_clients import Clients
from tests.serving.server.running import RunningServer, running_server

pytestmark = pytest.mark.integration

CLIENTS = 50
MINUTE_S, SWAP_EVERY_S = 60.0, 5.0
FIRST_ANSWERS, LAST_ANSWERS = 1_000, 10_000
GROWTH = 1.05


def resident_kib(server: RunningServer) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1])


def wait_until_only(server: RunningServer, version: int) -> None:
    def is_alone() -> bool:
        _, answer = ask(server, f"/v1/models/{MODEL}")
        alive = {
            int(entry["version"]): entry["state"]
            for entry in answer["model_version_status"]
            if entry["state"] != "END"
        }
        return alive == {version: "AVAILABLE"}

    server.wait_for(is_alone)


def put(saved_model: Path, base: Path, version: int) -> None:
    """Puts a version there as one rename, and takes the one before away."""
    copy = base / f"copy-of-{version}"
    shutil.copytree(saved_model, copy)
    copy.rename(base / str(version))
    shutil.rmtree(base / str(version - 1), ignore_errors=True)


def test_fifty_clients_lose_no_request_and_memory_stays_while_versions_change(
    saved_model: Path, tmp_path: Path
) -> None:
    base = tmp_path / "models"
    base.mkdir()
    put(saved_model, base, 1)
    flags = (f"--model_name={MODEL}", f"--model_base_path={base}")
    with running_server(*flags, folder=tmp_path) as server:
        server.wait_until_open()
        clients = Clients(server, count=CLIENTS)
        clients.start()
        try:
            server.wait_for(lambda: clients.answers >= FIRST_ANSWERS)
            put(saved_model, base, 2)  # as much memory as a swap takes, once
            wait_until_only(server, 2)
            before_kib, version = resident_kib(server), 2
            end = time.monotonic() + MINUTE_S
            while time.monotonic() < end or clients.answers < LAST_ANSWERS:
                time.sleep(SWAP_EVERY_S)
                version += 1
                put(saved_model, base, version)
                wait_until_only(server, version)
                assert not clients.failures
            after_kib = resident_kib(server)
        finally:
            clients.stop()
        assert clients.failures == []
        assert clients.versions == set(range(1, version + 1))
        assert after_kib <= before_kib * GROWTH
        assert server.stop() == 0
