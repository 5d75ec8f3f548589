"""Checks of the machine: Python, compiler, memory, disk, cores, temporary folder.

Needs the standard library only, so that it still works where packages are missing.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

from tfx_pipeline.cli.doctor_check import Check, Status

GIB = 2**30
MEMINFO = Path("/proc/meminfo")
CGROUP_MEMORY_LIMIT = Path("/sys/fs/cgroup/memory.max")
# Python of TFX 1.16; Python of TFX 1.21, and the glibc that its wheels need.
FIRST_STACK = ((3, 10),)
SECOND_STACK = ((3, 11), (3, 12))
SECOND_STACK_GLIBC = (2, 39)


def glibc_version() -> tuple[int, ...]:
    """Returns the version of glibc that this process runs on; empty without glibc."""
    known = "CS_GNU_LIBC_VERSION" in os.confstr_names
    text = os.confstr("CS_GNU_LIBC_VERSION") if known else None
    return tuple(int(part) for part in text.split()[1].split(".")) if text else ()


def check_python(
    version: tuple[int, int, int] = sys.version_info[:3],
    system: str = platform.system(),
    machine: str = platform.machine(),
    glibc: tuple[int, ...] | None = None,
) -> Check:
    """A Python on Linux x86-64 that one of the two stacks has wheels for.

    Args:
        version: Of this interpreter.
        system: Of this machine.
        machine: Its processor.
        glibc: What this process runs on; asked for when not given.
    """
    found = f"{'.'.join(map(str, version))} on {system} {machine}"
    if version[:2] not in (*FIRST_STACK, *SECOND_STACK):
        remedy = "TFX needs Python 3.10, 3.11 or 3.12: see docs/setup.md"
        return Check("python", "fail", found, remedy)
    glibc = glibc_version() if glibc is None else glibc
    if version[:2] in SECOND_STACK and glibc < SECOND_STACK_GLIBC:
        found += f", glibc {'.'.join(map(str, glibc)) or 'absent'}"
        remedy = "TFX 1.21 needs glibc 2.39 or newer: take Python 3.10"
        return Check("python", "fail", found, remedy)
    if (system, machine) != ("Linux", "x86_64"):
        return Check(
            "python", "fail", found, "use a container or a machine of Linux x86-64"
        )
    return Check("python", "ok", found)


def _python_name() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def check_compiler(
    compiler: str | None = None, header_dir: str = sysconfig.get_paths()["include"]
) -> Check:
    """A C++ compiler and Python.h: only a set-up needs them, so a lack is a warning.

    Args:
        compiler: Path of the compiler; found on PATH when not given.
        header_dir: Folder that should hold Python.h.
    """
    compiler = compiler or shutil.which("c++") or shutil.which("g++")
    lacking = []
    if compiler is None or not os.access(compiler, os.X_OK):
        lacking.append("no C++ compiler (c++ or g++)")
    if not (Path(header_dir) / "Python.h").is_file():
        lacking.append(f"no Python.h in {header_dir}")
    if lacking:
        return Check(
            "compiler",
            "warn",
            " and ".join(lacking),
            "needed to set up only: on Debian and Ubuntu "
            f"'sudo apt-get install build-essential {_python_name()}-dev'",
        )
    return Check("compiler", "ok", f"{compiler}, Python.h")


def read_meminfo(text: str) -> dict[str, int]:
    r"""Returns the entries of /proc/meminfo in bytes.

    Example:
        >>> read_meminfo("MemTotal:       16 kB\nHugePages_Total:   2\n")
        {'MemTotal': 16384}
    """
    rows = (line.split() for line in text.splitlines())
    return {row[0].rstrip(":"): int(row[1]) * 1024 for row in rows if row[-1] == "kB"}


def memory_limit_bytes(total: int, limit_file: Path = CGROUP_MEMORY_LIMIT) -> int:
    """Returns the machine's memory, or the container's share where that is less."""
    try:
        return min(total, int(limit_file.read_text("ascii")))
    except (OSError, ValueError):  # no such file, or the word "max"
        return total


def check_memory(
    total: int | None = None,
    available: int | None = None,
    *,
    least_total_gib: float = 8,
    least_available_gib: float = 4,
) -> Check:
    """Enough memory for Beam and one training at a time; sizes in bytes."""
    if total is None or available is None:
        state = read_meminfo(MEMINFO.read_text("ascii"))
        total = memory_limit_bytes(state["MemTotal"]) if total is None else total
        available = state["MemAvailable"] if available is None else available
    available = min(total, available)
    found = f"{total / GIB:.1f} GiB, {available / GIB:.1f} GiB free"
    if total < least_total_gib * GIB:
        remedy = f"{least_total_gib:g} GiB are advised: use smaller images and batches"
        return Check("memory", "warn", found, remedy)
    if available < least_available_gib * GIB:
        remedy = f"end other programs: {least_available_gib:g} GiB free are advised"
        return Check("memory", "warn", found, remedy)
    return Check("memory", "ok", found)


def check_disk(folder: Path, *, least_gib: float = 1, advised_gib: float = 10) -> Check:
    """Free space where runs are written by default: the working directory."""
    free_gib = shutil.disk_usage(folder).free / GIB
    found = f"{free_gib:.1f} GiB free at {folder}"
    if free_gib >= advised_gib:
        return Check("disk", "ok", found)
    status: Status = "fail" if free_gib < least_gib else "warn"
    wanted = least_gib if status == "fail" else advised_gib
    remedy = f"{wanted:g} GiB are needed: free some, or work on a larger disk (--root)"
    return Check("disk", status, found, remedy)


def check_cores(count: int | None = None) -> Check:
    """The processors this process may use."""
    count = len(os.sched_getaffinity(0)) if count is None else count
    if count < 2:
        return Check("cores", "warn", str(count), "training and Beam share one: slow")
    return Check("cores", "ok", str(count))


def check_temp_folder(folder: Path | None = None) -> Check:
    """Beam and TFX write to the temporary folder."""
    folder = Path(tempfile.gettempdir()) if folder is None else folder
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write(b"carseg")
    except OSError as err:
        return Check(
            "temp folder",
            "fail",
            f"cannot write to {folder}: {err.strerror}",
            "set TMPDIR to a folder that can be written",
        )
    return Check("temp folder", "ok", f"{folder} can be written")
