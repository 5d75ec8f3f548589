"""Makes a Python on a newer glibc, for the second stack on an older machine.

TFX 1.21 has wheels for glibc 2.39 and newer only. `make test-modern` runs its tests
on machines whose own glibc is older, by a copy of their Python 3.11 or 3.12 that
starts on the glibc of Debian 13:

    python3 requirements/modern_python.py build/modern/python   # prints the program

Where the machine's own Python has a glibc that is new enough, it is named and
nothing is made. Needs `patchelf` on PATH, and what `debian_packages.py` needs. Standard
library only: it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import debian_packages
from debian_packages import (
    Refusal,
    find_mirror,
    find_packages,
    read_index,
    unpack_libraries,
)

OLDEST_GLIBC = (2, 39)
VERSIONS = ("3.11", "3.12")
# One package per family of libraries that TensorFlow and TFX load.
PACKAGES = ("libc6", "libstdc++6", "libgcc-s1", "libgomp1")
# Loaded by the program itself, before any wheel asks: a library that names its own
# search path would find the machine's older ones first.
PRELOADED = ("libstdc++.so.6", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0")
LOADER = "ld-linux-x86-64.so.2"
STAMP = ".carseg-python"

PROBE = """
import os, sys, sysconfig
import ensurepip, venv
include = sysconfig.get_paths()["include"]
assert os.path.isfile(os.path.join(include, "Python.h")), include
print("%d.%d" % sys.version_info[:2])
print(os.path.realpath(sys.executable))
print(os.confstr("CS_GNU_LIBC_VERSION").split()[1])
print(sysconfig.get_paths()["stdlib"])
print(include)
print(sysconfig.get_config_var("LIBDIR"))
"""


@dataclass(frozen=True)
class Python:
    """A Python that can make virtual environments and build extensions."""

    version: str
    program: Path
    glibc: tuple[int, ...]
    stdlib: Path
    include: Path
    libdir: Path

    @property
    def is_modern(self) -> bool:
        """Whether the wheels of TFX 1.21 run on it as it is."""
        return self.glibc >= OLDEST_GLIBC


def probe(program: str) -> Python | None:
    """What `program` is, or None where it does not run or lacks venv or headers."""
    # From the root, without pyenv's choice for this process: a checkout's
    # .python-version would hide the other versions behind pyenv's shims.
    clean = {name: value for name, value in os.environ.items() if "PYENV" not in name}
    try:
        done = subprocess.run(
            [program, "-c", PROBE],
            cwd="/",
            env=clean,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version, path, glibc, stdlib, include, libdir = done.stdout.splitlines()
    if version not in VERSIONS:
        return None
    return Python(
        version=version,
        program=Path(path),
        glibc=tuple(int(part) for part in glibc.split(".")),
        stdlib=Path(stdlib),
        include=Path(include),
        libdir=Path(libdir),
    )


def find_python(environment: Mapping[str, str]) -> Python:
    """The Python to start from: $MODERN_PYTHON, else the first on PATH that fits."""
    named = environment.get("MODERN_PYTHON")
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    candidates = [os.path.abspath(named)] if named else []
    candidates += [
        os.path.join(folder, f"python{version}")
        for version in VERSIONS
        for folder in folders
    ]
    found = [python for python in map(probe, candidates) if python is not None]
    if not found:
        raise Refusal(
            "Python 3.11 or 3.12 with venv and headers is needed, none was found on "
            "PATH; get one with 'pyenv install 3.11' or name it by MODERN_PYTHON=path"
        )
    return found[0]


def copy_python(python: Python, into: Path) -> Path:
    """Copies program, standard library and headers; returns the program's copy."""
    name = f"python{python.version}"
    (into / "bin").mkdir(parents=True)
    program = into / "bin" / name
    shutil.copy2(python.program, program)
    leave = shutil.ignore_patterns("site-packages", "dist-packages", "test", "*.a")
    shutil.copytree(python.stdlib, into / "lib" / name, symlinks=True, ignore=leave)
    shutil.copytree(python.include, into / "include" / name)
    for library in python.libdir.glob(f"libpython{python.version}.so.*"):
        shutil.copy2(library, into / "lib" / library.name)
    return program


def relink(program: Path, glibc: Path, libraries: Path) -> None:
    """Makes `program` start on the loader and the libraries of `glibc`."""
    # DT_RPATH and not DT_RUNPATH: it holds for the libraries of libraries too.
    options = ["--force-rpath", "--set-rpath", f"{glibc}:{libraries}"]
    for name in PRELOADED:
        options += ["--add-needed", name]
    options += ["--set-interpreter", str(glibc / LOADER)]
    subprocess.run(["patchelf", *options, str(program)], check=True)


def stamp_of(python: Python, place: Path) -> str:
    """What the result depends on; a stamp that differs has it made anew."""
    sources = [Path(__file__), Path(debian_packages.__file__)]
    parts = [path.read_bytes() for path in sources]
    parts += [str(python).encode(), str(place).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_python(python: Python, place: Path, sources: Path) -> Path:
    """Makes the Python below `place`, unless it is there, and returns its program."""
    place = place.resolve()
    program = place / "bin" / f"python{python.version}"
    stamp = place / STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == stamp_of(python, place):
        return program
    for tool in ("patchelf", "gpgv", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise Refusal(f"{tool} is needed on PATH and was not found; install it")
    shutil.rmtree(place, ignore_errors=True)
    mirror = find_mirror(sources)
    packages = find_packages(read_index(mirror), PACKAGES)
    unpack_libraries(mirror, packages, place / "glibc")
    copy_python(python, place)
    relink(program, place / "glibc", place / "lib")
    made = probe(str(program))
    if made is None or not made.is_modern:
        raise Refusal(f"{program} must run on glibc 2.39 or newer, it does not")
    stamp.write_text(stamp_of(python, place), "utf-8")
    return program


def main() -> int:
    """Prints the program's path; a refusal is one line on stderr and exit 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("place", type=Path, help="the folder to make it in")
    parser.add_argument("--sources", type=Path, default=Path("/etc/apt"))
    arguments = parser.parse_args()
    try:
        python = find_python(os.environ)
        if python.is_modern:
            program = python.program
        else:
            program = make_python(python, arguments.place, arguments.sources)
    except Refusal as err:
        print(f"modern_python: {err}", file=sys.stderr)
        return 1
    print(program)
    return 0


if __name__ == "__main__":
    sys.exit(main())
