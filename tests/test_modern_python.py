"""The Python on a newer glibc, made from a drawn mirror by stub programs."""

import hashlib
import lzma
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.drawn_machine import ROOT

SCRIPT = ROOT / "requirements" / "modern_python.py"
PACKAGES = ("libc6", "libstdc++6", "libgcc-s1", "libgomp1")
# Answers as the script's probe of a Python does, for a version and a glibc.
PYTHON = """#!/bin/sh
echo "$PWD" >>"{log}"
printf '%s\\n' {version} {program} {glibc} {home}/stdlib {home}/include {home}
"""
PATCHELF = """#!/bin/sh
echo "$@" >"{log}"
for program; do :; done
sed -i 's/ 2\\.36 / {glibc} /' "$program"
"""
GPGV = """#!/bin/sh
[ "$2" = "{keyring}" ] || exit 2
grep -q BADSIG "$5" && echo "gpgv: BAD signature" >&2 && exit 1
cp "$5" "$4"
"""


@dataclass
class Machine:
    """An older machine: programs, apt sources and the mirror that they name."""

    folder: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Path:
        return self.folder / "made"

    @property
    def programs(self) -> Path:
        return self.folder / "programs"

    @property
    def suite(self) -> Path:
        return self.folder / "debian" / "dists" / "trixie"

    def write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def program(self, name: str, text: str) -> None:
        self.write(f"programs/{name}", text).chmod(0o755)

    def python(self, version: str, glibc: str = "2.36") -> None:
        name = f"python{version}"
        values: Mapping[str, object] = {
            "version": version,
            "program": self.programs / name,
            "glibc": glibc,
            "home": self.folder / "home",
            "log": self.folder / "asked",
        }
        self.program(name, PYTHON.format(**values))

    def run(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, SCRIPT, self.place, "--sources", self.folder / "apt"],
            env={"PATH": f"{self.programs}:{self.folder / 'tools'}"} | self.extra,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path):
    if shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg-deb packs the drawn packages, and is not on this machine")
    made = Machine(tmp_path)
    (tmp_path / "tools").mkdir()
    for tool in ("sh", "sed", "cp", "grep", "dpkg-deb", "tar", "rm"):
        (tmp_path / "tools" / tool).symlink_to(str(shutil.which(tool)))
    for name in ("stdlib/os.py", "stdlib/site-packages/big.py", "include/Python.h"):
        made.write(f"home/{name}", "drawn")
    made.write("home/libpython3.11.so.1.0", "drawn")
    made.python("3.11")
    made.program(
        "patchelf", PATCHELF.format(log=tmp_path / "patchelf.log", glibc="2.41")
    )
    keyring = tmp_path / "keys.gpg"
    made.program("gpgv", GPGV.format(keyring=keyring))
    made.write(
        "apt/sources.list.d/debian.sources",
        f"# a comment\nTypes: deb\nURIs: file://{tmp_path}/security/debian-security\n\n"
        f"Types: deb\nURIs: file://{tmp_path}/debian\nSigned-By: {keyring}\n",
    )
    draw_suite(made)
    return made


def draw_suite(machine: Machine) -> None:
    """Packs one library per package, and writes the index and its signed list."""
    stanzas = [draw_package(machine, name) for name in PACKAGES]
    stanzas.insert(0, "Package: libc6-dev\nFilename: other.deb\nSHA256: 00")
    index = lzma.compress("\n\n".join(stanzas).encode())
    digest = hashlib.sha256(index).hexdigest()
    by_hash = machine.suite / "main" / "binary-amd64" / "by-hash" / "SHA256"
    by_hash.mkdir(parents=True)
    (by_hash / digest).write_bytes(index)
    (machine.suite / "InRelease").write_text(
        f"SHA256:\n {digest}  {len(index)} main/binary-amd64/Packages.xz\n"
    )


def draw_package(machine: Machine, name: str) -> str:
    tree = machine.folder / "trees" / name
    libraries = tree / "usr" / "lib" / "x86_64-linux-gnu"
    (tree / "DEBIAN").mkdir(parents=True)
    libraries.mkdir(parents=True)
    (libraries / f"{name}.so.6").write_text(f"the library of {name}")
    (libraries / "README").touch()
    (tree / "DEBIAN" / "control").write_text(
        f"Package: {name}\nVersion: 9\nArchitecture: amd64\nMaintainer: a <a@b.c>\n"
        "Description: drawn\n"
    )
    path = f"pool/{name}.deb"
    file = machine.folder / "debian" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-b", tree, file],
        check=True,
        capture_output=True,
    )
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"Package: {name}\nVersion: 9\nFilename: {path}\nSHA256: {digest}"


def refusal(machine: Machine) -> str:
    done = machine.run()
    assert done.returncode == 1
    assert done.stdout == ""
    *fetched, line = done.stderr.splitlines()
    assert all(re.fullmatch(r"\S+ 9", name) for name in fetched)
    assert line.startswith("modern_python: ")
    assert not (machine.place / ".carseg-python").exists()
    return line.removeprefix("modern_python: ")


def test_a_copy_is_made_that_starts_on_the_fetched_libraries(machine):
    done = machine.run()
    assert done.returncode == 0, done.stderr
    program = machine.place / "bin" / "python3.11"
    assert done.stdout == f"{program}\n"
    libraries = {path.name for path in (machine.place / "glibc").iterdir()}
    assert libraries == {f"{name}.so.6" for name in PACKAGES}
    assert (machine.place / "lib" / "python3.11" / "os.py").read_text() == "drawn"
    assert not (machine.place / "lib" / "python3.11" / "site-packages").exists()
    assert (machine.place / "lib" / "libpython3.11.so.1.0").is_file()
    assert (machine.place / "include" / "python3.11" / "Python.h").is_file()


def test_the_loader_and_the_search_path_are_the_copy_s_own(machine):
    machine.run()
    options = (machine.folder / "patchelf.log").read_text()
    glibc = machine.place / "glibc"
    assert f"--force-rpath --set-rpath {glibc}:{machine.place / 'lib'} " in options
    assert f"--set-interpreter {glibc}/ld-linux-x86-64.so.2 " in options
    assert "--add-needed libstdc++.so.6" in options


def test_the_machine_s_own_python_is_not_changed(machine):
    before = (machine.programs / "python3.11").read_bytes()
    machine.run()
    assert (machine.programs / "python3.11").read_bytes() == before


def test_a_second_run_fetches_nothing(machine):
    machine.run()
    shutil.rmtree(machine.folder / "debian")
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_another_python_has_it_made_anew(machine):
    machine.run()
    (machine.programs / "python3.11").unlink()
    machine.python("3.12")
    assert machine.run().stdout == f"{machine.place}/bin/python3.12\n"
    assert not (machine.place / "bin" / "python3.11").exists()


def test_where_glibc_is_new_enough_nothing_is_made(machine):
    machine.python("3.11", glibc="2.39")
    done = machine.run()
    assert done.stdout == f"{machine.programs}/python3.11\n"
    assert not machine.place.exists()


def test_a_python_is_asked_outside_the_checkout_and_without_pyenv_s_choice(machine):
    machine.python("3.12")
    text = (machine.programs / "python3.12").read_text()
    check = '#!/bin/sh\n[ -z "$PYENV_VERSION" ] || exit 127'
    machine.program("python3.12", text.replace("#!/bin/sh", check))
    (machine.programs / "python3.11").unlink()
    machine.extra["PYENV_VERSION"] = "3.10.13"
    assert machine.run().stdout == f"{machine.place}/bin/python3.12\n"
    assert (machine.folder / "asked").read_text().splitlines()[0] == "/"


def test_a_named_python_is_taken_first(machine):
    machine.python("3.12")
    machine.extra["MODERN_PYTHON"] = str(machine.programs / "python3.12")
    assert machine.run().stdout == f"{machine.place}/bin/python3.12\n"


def test_sources_of_one_line_are_read_too(machine):
    source = next((machine.folder / "apt" / "sources.list.d").iterdir())
    source.unlink()
    machine.write(
        "apt/sources.list",
        f"# deb file:///nowhere/debian x main\n"
        f"deb [arch=amd64] file://{machine.folder}/debian bookworm main\n",
    )
    # These name no key, so the archive's usual ones are asked for: another file.
    assert "debian-archive-keyring.gpg" in refusal(machine)


def test_a_changed_package_is_refused(machine):
    file = machine.folder / "debian" / "pool" / "libgomp1.deb"
    file.write_bytes(file.read_bytes() + b"x")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    line = refusal(machine)
    assert "libgomp1.deb must have SHA256 " in line
    assert f"it has {found}; try again" in line


def test_a_changed_index_is_refused(machine):
    folder = machine.suite / "main" / "binary-amd64" / "by-hash" / "SHA256"
    (index,) = folder.iterdir()
    index.write_bytes(lzma.compress(b"Package: libc6\n"))
    assert f"{index.name} must have SHA256 {index.name}" in refusal(machine)


def test_a_bad_signature_is_refused(machine):
    with (machine.suite / "InRelease").open("a") as stream:
        stream.write("BADSIG\n")
    assert refusal(machine).endswith("keys.gpg: gpgv: BAD signature")


def test_a_result_on_the_old_glibc_is_refused(machine):
    log = machine.folder / "patchelf.log"
    machine.program("patchelf", PATCHELF.format(log=log, glibc="2.38"))
    assert "python3.11 must run on glibc 2.39 or newer" in refusal(machine)


@pytest.mark.parametrize("tool", ["patchelf", "gpgv"])
def test_a_tool_that_is_missing_is_named(machine, tool):
    (machine.programs / tool).unlink()
    assert refusal(machine) == f"{tool} is needed on PATH and was not found; install it"


def test_a_machine_without_a_newer_python_is_told_how_to_get_one(machine):
    (machine.programs / "python3.11").unlink()
    assert "pyenv install 3.11" in refusal(machine)


def test_a_machine_without_debian_s_archive_is_told_so(machine):
    shutil.rmtree(machine.folder / "apt")
    assert "must name a Debian archive" in refusal(machine)
