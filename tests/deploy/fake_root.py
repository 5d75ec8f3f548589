"""A folder that a command sees as `/`, with this machine in the base image's place.

It takes Linux's namespaces and root's rights, but no container engine: /usr is this
machine's, read-only, with its Python where the official Python image has it, in
/usr/local; all else is in the folder.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

# What the official Python image sets.
BASE_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
}
# Of this machine's /etc: how to find names, certificates, libraries and compilers.
_ETC = (
    *("alternatives", "hosts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d"),
    *("nsswitch.conf", "resolv.conf", "ssl"),
)
_FOLDERS = ("dev", "etc", "home", "host", "opt", "proc", "root", "run", "usr", "var")


@functools.cache
def missing_rights() -> str:
    """Returns why no command can be run in a folder of its own, empty if it can."""
    if os.geteuid() != 0:
        return "only root may change what / is"
    trial = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    done = subprocess.run(trial, capture_output=True, text=True, check=False)
    return done.stderr.strip()


def make_root(root: Path) -> None:
    """Fills a folder with what every image has."""
    for name in _FOLDERS:
        (root / name).mkdir(parents=True)
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    for name in ("bin", "lib", "lib64", "sbin"):
        (root / name).symlink_to(f"usr/{name}")
    for name in _ETC:
        source = Path("/etc", name)
        if source.is_dir():
            shutil.copytree(source, root / "etc" / name, symlinks=True)
        elif source.exists():
            shutil.copy(source, root / "etc" / name)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/bash\n")
    (root / "etc/group").write_text("root:x:0:\n")
    # As in the official image: the dynamic linker knows /usr/local/lib.
    done = _run(_mounts(root), ["chroot", str(root), "ldconfig"])
    assert done.returncode == 0, done.stdout


def run_as_root(
    root: Path,
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: str,
    caches: Mapping[str, Path],
) -> None:
    """Runs a step of a build; a failure shows the end of what it printed.

    Args:
        root: The folder that is to be `/`.
        command: The program and its arguments.
        environment: All variables that it has.
        folder: Where it starts.
        caches: Paths inside, and the folders of this machine that appear there.

    Raises:
        AssertionError: The command failed.
    """
    with _one_file_system(root, caches):
        words = ["chroot", str(root), *_within(folder, environment, command)]
        done = _run(
            [*_mounts(root), "mount --rbind / " + _quoted(root / "host")], words
        )
    assert done.returncode == 0, f"{shlex.join(command)}:\n{done.stdout[-3000:]}"


def run_as_user(
    root: Path,
    command: Sequence[str],
    *,
    user: str,
    environment: Mapping[str, str],
    folder: str,
) -> subprocess.CompletedProcess[str]:
    """Runs a command as a cluster would: as `UID:GID`, all but /tmp read-only."""
    place = _quoted(root)
    mounts = [
        f"mount --bind {place} {place}",
        f"mount -o remount,bind,ro {place}",
        *_mounts(root),
        f"mount -t tmpfs -o mode=1777 none {_quoted(root / 'tmp')}",
    ]
    words = ["chroot", f"--userspec={user}", str(root)]
    return _run(mounts, [*words, *_within(folder, environment, command)])


def _run(
    mounts: Sequence[str], words: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    script = "\n".join(["set -e", *mounts, f"exec {shlex.join(words)}"])
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _within(
    folder: str, environment: Mapping[str, str], command: Sequence[str]
) -> list[str]:
    pairs = [f"{name}={value}" for name, value in environment.items()]
    there = ["env", "-i", *pairs, "sh", "-c", 'cd "$0" && exec "$@"', folder]
    return [*there, *command]


def _mounts(root: Path) -> list[str]:
    usr, local = _quoted(root / "usr"), _quoted(root / "usr/local")
    return [
        f"mount --bind /usr {usr}",
        f"mount --bind {_quoted(_python_folder(root))} {local}",
        f"mount -o remount,bind,ro {local}",
        f"mount -o remount,bind,ro {usr}",
        f"mount --rbind /dev {_quoted(root / 'dev')}",
        f"mount -t proc none {_quoted(root / 'proc')}",
    ]


def _python_folder(root: Path) -> Path:
    """Returns a folder with bin/python: a Python's own, or one that leads to /usr's."""
    if sys.base_prefix != "/usr":
        return Path(sys.base_prefix)
    stand_in = root.parent / f"{root.name}-python"
    if not stand_in.exists():
        (stand_in / "bin").mkdir(parents=True)
        for name in ("python", "python3"):
            (stand_in / "bin" / name).symlink_to(
                f"/usr/bin/python3.{sys.version_info.minor}"
            )
    return stand_in


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


@contextlib.contextmanager
def _one_file_system(root: Path, caches: Mapping[str, Path]) -> Iterator[None]:
    """Lets hard links lead from a cache into /opt while a step runs.

    The kernel links within one mount only, so /opt and the caches become links below
    /host, where all of this machine is mounted. Copying takes ten times as long.
    """
    if not caches:
        yield
        return
    place, aside = root / "opt", root / ".opt"
    place.rename(aside)
    place.symlink_to(f"/host{aside}")
    inside = {root / path.lstrip("/"): cache for path, cache in caches.items()}
    for path, cache in inside.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(f"/host{cache}")
    try:
        yield
    finally:
        for path in (place, *inside):
            path.unlink()
        aside.rename(place)
