"""The server of one call: a real process, gone whatever ends the call."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.serving_validator.command import DEFAULT_COMMAND
from serving.client import connect
from tests.tfx_pipeline.cli.predict_calls import write_photo
from tfx_pipeline.cli import predict_server
from tfx_pipeline.cli.predict_model import ModelFolder
from tfx_pipeline.cli.predict_server import serve_model

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
STUB = tuple(
    part.replace("serving.server", "tests.tfx_pipeline.cli.predict_stub_process")
    for part in DEFAULT_COMMAND
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelFolder:
    monkeypatch.chdir(ROOT)  # where the stub's module is found
    (tmp_path / "model").mkdir()
    return ModelFolder(path=tmp_path / "model", version=12)


def is_running(folder: Path) -> bool:
    """Tells whether the server is there; one that only waits to be reaped is not."""
    status = Path("/proc", (folder / "pid").read_text(), "stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(folder: Path) -> None:
    """Waits for a server whose end nobody waits for: its starter was killed with it."""
    end = time.monotonic() + 20
    while is_running(folder) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_running(folder)


def test_the_server_answers_and_is_stopped_behind_it(folder: ModelFolder) -> None:
    with serve_model(folder, "mine", STUB) as url:
        assert is_running(folder.path)
        with connect(url, model="mine") as client:
            assert client.status().is_available
        assert (folder.path / "version").read_text() == "12"

    assert not is_running(folder.path)
    assert (folder.path / "stopped").exists()  # asked, not killed


def test_an_error_stops_it_as_well(folder: ModelFolder) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(ZeroDivisionError), serve_model(folder, "mine", STUB):
        assert signal.getsignal(signal.SIGTERM) != before
        _ = 1 / 0

    assert not is_running(folder.path)
    assert signal.getsignal(signal.SIGTERM) == before


def test_one_that_will_not_end_is_killed(
    folder: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict_server, "STOP_TIMEOUT_S", 0.2)
    with serve_model(folder, "mine", (*STUB, "--stubborn")):
        pass

    wait_until_gone(folder.path)
    assert not (folder.path / "stopped").exists()


def test_one_that_ends_at_once_is_told_with_its_last_words(folder: ModelFolder) -> None:
    words = "import sys; print('line 1'); print(); sys.exit('no model here')"
    with (
        pytest.raises(
            ChildProcessError,
            match=r"ended with code 1 before it was ready: line 1 \| no model here$",
        ),
        serve_model(folder, "mine", ("{python}", "-u", "-c", words)),
    ):
        pytest.fail("nobody is there")


def test_one_that_never_gets_ready_is_given_up_and_stopped(
    folder: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict_server, "START_TIMEOUT_S", 2.0)
    pid = folder.path / "pid"
    words = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid()))"
    sleeps = f"{words}; time.sleep(60)"
    with (
        pytest.raises(ChildProcessError, match=r"not ready within 2 s: it said no"),
        serve_model(folder, "mine", ("{python}", "-c", sleeps)),
    ):
        pytest.fail("it is not ready")

    assert not is_running(folder.path)


CALL = """
import signal, sys
# A shell starts what runs beside it with Ctrl-C switched off; a terminal does not.
signal.signal(signal.SIGINT, signal.default_int_handler)
from tests.tfx_pipeline.cli import predict_calls
from tests.tfx_pipeline.cli.test_predict_server import STUB
from tfx_pipeline.cli import predict_server
predict_server.serve_model.__wrapped__.__defaults__ = (STUB,)
sys.exit(predict_calls.predict(*sys.argv[1:]))
"""


@pytest.fixture
def call(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A call with 200 photos that has written its first overlays."""
    model = tmp_path / "model"
    model.mkdir()
    (model / "saved_model.pb").touch()
    for seed in range(200):
        write_photo(tmp_path / "photos" / f"{seed:03}.png", seed)
    out = tmp_path / "out"
    command = [sys.executable, "-c", CALL, tmp_path / "photos", "--model", model]
    process = subprocess.Popen(
        [*map(str, command), "--out", str(out)], cwd=ROOT, stderr=subprocess.PIPE
    )
    try:
        end = time.monotonic() + 30
        while not list(out.glob("*.overlay.png")) and time.monotonic() < end:
            time.sleep(0.05)
        assert is_running(model)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_server_too(
    call: subprocess.Popen[bytes], tmp_path: Path, number: signal.Signals
) -> None:
    call.send_signal(number)
    call.wait(10)

    out, model = tmp_path / "out", tmp_path / "model"
    assert call.returncode != 0
    assert not is_running(model)
    assert (model / "stopped").exists()
    assert 0 < len(list(out.glob("*.overlay.png"))) < 200
    assert not list(out.glob(".*"))  # nothing half-written


def test_a_call_that_is_killed_leaves_no_server(
    call: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    call.kill()

    wait_until_gone(tmp_path / "model")
    assert (tmp_path / "model" / "stopped").exists()
