"""Compares the installed packages with the lock that the set-up installs from."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from tfx_pipeline.cli.doctor_check import Check

# In a checkout the locks lie beside the packages; a wheel does not carry them.
LOCK = (
    Path(__file__).parents[2]
    / "requirements"
    / ("requirements.lock" if sys.version_info < (3, 11) else "modern.lock")
)
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)
_SHOWN = 5


def normalised(name: str) -> str:
    """Returns a package's name as indexes compare it (PEP 503).

    Example:
        >>> normalised("Typing_Extensions")
        'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(text: str) -> dict[str, str]:
    r"""Returns name to version of every package pinned in a lock.

    Example:
        >>> read_lock("Pillow==11.0.0 \\\n    --hash=sha256:00\n    # via tfx\n")
        {'pillow': '11.0.0'}
    """
    return {normalised(name): version for name, version in _PINNED.findall(text)}


def installed_versions() -> dict[str, str]:
    """Returns name to version of every package this interpreter can import."""
    return {
        normalised(dist.metadata["Name"]): dist.version
        for dist in metadata.distributions()
        if dist.metadata["Name"]
    }


def differences(locked: Mapping[str, str], installed: Mapping[str, str]) -> list[str]:
    """Returns a phrase for every locked package that is absent or another version.

    Example:
        >>> differences({"keras": "3.12.4", "tfx": "1.16.0"}, {"keras": "3.1.0"})
        ['keras 3.1.0 (lock: 3.12.4)', 'tfx absent (lock: 1.16.0)']
    """
    return [
        f"{name} {installed.get(name, 'absent')} (lock: {version})"
        for name, version in sorted(locked.items())
        if installed.get(name) != version
    ]


def check_versions(
    lock: Path = LOCK, installed: Mapping[str, str] | None = None
) -> Check:
    """Every package of the lock is installed in its version.

    Args:
        lock: The lock's file.
        installed: Name to version; this interpreter's packages when not given.
    """
    if not lock.is_file():
        return Check(
            "versions",
            "warn",
            "not checked: no lock beside the package",
            "run from a checkout that `make setup` prepared to have them compared",
        )
    locked = read_lock(lock.read_text("utf-8"))
    if not locked:
        return Check(
            "versions", "fail", f"{lock} pins nothing", "restore it, then `make setup`"
        )
    found = differences(
        locked, installed_versions() if installed is None else installed
    )
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        words = (
            f"{len(found)} of {len(locked)} differ: {', '.join(found[:_SHOWN])}{more}"
        )
        remedy = "run `make setup`, and carseg from the environment it makes"
        return Check("versions", "fail", words, remedy)
    return Check("versions", "ok", f"all {len(locked)} as in the lock")
