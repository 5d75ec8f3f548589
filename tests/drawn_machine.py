"""A machine that lacks things: a checkout and a folder of stub programs as its PATH."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = (
    *("awk", "cat", "chmod", "cp", "cut", "date", "dirname", "env", "expand", "find"),
    *("grep", "ls", "make", "mkdir", "mktemp", "mv", "rm", "sed", "sh", "sha256sum"),
    *("tail", "touch"),
)

PYTHON = """
version=3.10
echo "python $*" >>"$STUB_LOG"
case "$*" in
  *version_info*) echo "$version ${STUB_GLIBC:-2.36} $0" ;;
  -V) echo "Python $version.99" ;;
  *ensurepip*) ;;
  *sysconfig*) echo "$STUB_INCLUDE" ;;
  "-m venv "*)
    mkdir -p "$3/bin" "$3/lib"
    cp "$0" "$3/bin/python"
    touch "$3/pyvenv.cfg" ;;
  "-m pip install"*bootstrap.lock*) cp "$STUB_BIN/uv-stub" "${0%/*}/uv" ;;
  "-m pip config"*) exit 1 ;;
esac
"""
UV = """
echo "uv $* index=$UV_DEFAULT_INDEX" >>"$STUB_LOG"
case "$*" in *--editable*) touch "${0%/*}/carseg"; chmod +x "${0%/*}/carseg" ;; esac
"""
DF = """
echo "Filesystem 1024-blocks Used Available Capacity Mounted"
echo "/dev/x 999999999 1 ${STUB_FREE_KIB:-99999999} 1% /"
"""


@dataclass
class Machine:
    """A checkout, a folder of programs that is the whole PATH, and a log of calls."""

    checkout: Path
    programs: Path
    log: Path
    include: Path

    def stub(self, name: str, body: str) -> None:
        (self.programs / name).unlink(missing_ok=True)
        (self.programs / name).write_text(f"#!/bin/sh\n{body}\n")
        (self.programs / name).chmod(0o755)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        return subprocess.run(
            command or ("requirements/install.sh",),
            cwd=self.checkout,
            env={
                "PATH": str(self.programs),
                "STUB_BIN": str(self.programs),
                "STUB_LOG": str(self.log),
                "STUB_INCLUDE": str(self.include),
            }
            | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self, program: str) -> list[str]:
        lines = self.log.read_text().splitlines()
        return [line for line in lines if line.startswith(f"{program} ")]


def draw_machine(tmp_path: Path) -> Machine:
    """A machine with Python 3.10 that has all that the set-up needs."""
    checkout, programs, include = (
        tmp_path / name for name in ("checkout", "programs", "include")
    )
    for folder in (checkout, programs, include):
        folder.mkdir()
    shutil.copytree(ROOT / "requirements", checkout / "requirements")
    for name in ("setup.py", "Makefile"):
        shutil.copy(ROOT / name, checkout)
    for name in TOOLS:
        (programs / name).symlink_to(shutil.which(name))
    (include / "Python.h").touch()
    made = Machine(checkout, programs, tmp_path / "log", include)
    made.stub("python3.10", PYTHON)
    made.stub("uv-stub", UV)
    made.stub("cc", "exit 0")
    made.stub("df", DF)
    made.stub("uname", '[ "$1" = -s ] && echo Linux || echo x86_64')
    return made
