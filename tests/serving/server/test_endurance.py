"""A minute of fifty clients while versions change: nothing fails, nothing grows."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
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


@dataclass
class Versions:
    """A model's folder, in which one version takes the place of the other."""

    saved_model: Path
    base: Path
    last: int = 0

    def put_next(self) -> None:
        """Puts a version there as one rename, and takes the one before away."""
        self.last += 1
        copy = self.base / f"copy-of-{self.last}"
        shutil.copytree(self.saved_model, copy)
        copy.rename(self.base / str(self.last))
        shutil.rmtree(self.base / str(self.last - 1), ignore_errors=True)

    def swap(self, server: RunningServer) -> None:
        self.put_next()
        wait_until_only(server, self.last)


def kib_at_rest(server: RunningServer, clients: Clients, versions: Versions) -> int:
    """Memory after a swap that no client's request meets.

    Under load no two moments can be compared: each swap gives freed memory back, and
    requests then take tens of megabytes of it again, now more, now less.
    """
    with clients.paused():
        versions.swap(server)
        kib = resident_kib(server)
    server.wait_for(lambda: versions.last in clients.versions)
    return kib


def test_fifty_clients_lose_no_request_and_memory_stays_while_versions_change(
    saved_model: Path, tmp_path: Path
) -> None:
    base = tmp_path / "models"
    base.mkdir()
    versions = Versions(saved_model, base)
    versions.put_next()
    flags = (f"--model_name={MODEL}", f"--model_base_path={base}")
    with running_server(*flags, folder=tmp_path) as server:
        server.wait_until_open()
        clients = Clients(server, count=CLIENTS)
        clients.start()
        try:
            server.wait_for(lambda: clients.answers >= FIRST_ANSWERS)
            versions.swap(server)  # as much memory as a swap takes, once
            before_kib = kib_at_rest(server, clients, versions)
            end = time.monotonic() + MINUTE_S
            while time.monotonic() < end or clients.answers < LAST_ANSWERS:
                time.sleep(SWAP_EVERY_S)
                versions.swap(server)
                assert not clients.failures
            after_kib = kib_at_rest(server, clients, versions)
        finally:
            clients.stop()
        assert clients.failures == []
        assert clients.versions == set(range(1, versions.last + 1))
        assert after_kib <= before_kib * GROWTH
        assert server.stop() == 0
