"""Ctrl-C ends a process that hangs on it, and leaves one alone that does not."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tfx_pipeline.cli.interrupts import sure_interrupt

ROOT = Path(__file__).parents[3]
PROGRAM = """
import os, signal, threading, time
from tfx_pipeline.cli.interrupts import sure_interrupt

def end():
    print("ended", flush=True)
    os._exit(1)

def hang():
    lock = threading.Lock()
    lock.acquire()
    while True:
        try:
            lock.acquire()  # as for a lock of a library that nobody gives back
        except KeyboardInterrupt:
            pass

# A shell that started the tests in the background may have it ignored.
signal.signal(signal.SIGINT, {handler})
with sure_interrupt(end, patience_s={patience_s}):
    try:
        print("ready", flush=True)
        time.sleep(30)
    except KeyboardInterrupt:
        print("raised", flush=True)
        {then}
print("over", flush=True)
"""


def started(
    then: str, patience_s: float, handler: str = "signal.default_int_handler"
) -> subprocess.Popen[str]:
    program = PROGRAM.format(then=then, patience_s=patience_s, handler=handler)
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_command_that_hangs_on_an_interrupt_is_ended_after_a_while() -> None:
    process = started("hang()", patience_s=1.5)
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)

    out, _ = process.communicate(timeout=20)

    assert (process.returncode, out) == (1, "raised\nended\n")
    assert time.monotonic() - sent >= 1.5


def test_a_second_interrupt_ends_it_at_once() -> None:
    process = started("hang()", patience_s=600)
    process.send_signal(signal.SIGINT)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)

    out, _ = process.communicate(timeout=20)

    assert (process.returncode, out) == (1, "raised\nended\n")


def test_a_signal_that_comes_twice_is_one() -> None:
    process = started("time.sleep(2)", patience_s=600)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "raised\n"
    process.send_signal(signal.SIGWINCH)  # another one is none, either

    out, _ = process.communicate(timeout=20)

    assert (process.returncode, out) == (0, "over\n")


def test_a_command_that_ends_in_time_is_left_alone() -> None:
    process = started("time.sleep(0.2)", patience_s=1.0)
    process.send_signal(signal.SIGINT)

    out, _ = process.communicate(timeout=20)

    assert (process.returncode, out) == (0, "raised\nover\n")


def test_a_handler_of_its_own_is_no_interrupt() -> None:
    process = started("pass", patience_s=0.3, handler="lambda *_: None")
    process.send_signal(signal.SIGINT)

    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=2)
    process.kill()
    assert process.communicate()[0] == ""


def test_other_threads_and_what_was_set_before_are_left_alone() -> None:
    before = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(before)
    with sure_interrupt(lambda: None):
        assert signal.set_wakeup_fd(before) != before
    assert signal.set_wakeup_fd(before) == before
    seen: list[str] = []

    def block() -> None:
        with sure_interrupt(lambda: seen.append("ended")):
            seen.append("ran")

    thread = threading.Thread(target=block)
    thread.start()
    thread.join()
    assert seen == ["ran"]
