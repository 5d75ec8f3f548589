"""The set-up on machines that lack things, drawn as folders of stub programs."""

import ast
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TARGETS = ("setup", "demo", "test", "check", "lint", "types", "bench", "lock", "clean")
TOOLS = (
    *("awk", "cat", "chmod", "cp", "cut", "date", "dirname", "env", "expand", "find"),
    *("grep", "ls", "make", "mkdir", "mktemp", "mv", "rm", "sed", "sh", "sha256sum"),
    *("tail", "touch"),
)

PYTHON = """
echo "python $*" >>"$STUB_LOG"
case "$*" in
  *version_info*) echo 3.10 ;;
  -V) echo "Python 3.10.99" ;;
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


@pytest.fixture
def machine(tmp_path):
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


def without_python(machine):
    (machine.programs / "python3.10").unlink()


def without_venv(machine):
    machine.stub("python3.10", 'case "$*" in *ensurepip*) exit 1;; esac' + PYTHON)


def without_headers(machine):
    (machine.include / "Python.h").unlink()


def without_compiler(machine):
    (machine.programs / "cc").unlink()


def without_cpp(machine):
    machine.stub("cc", "exit 1")


def on_a_mac(machine):
    machine.stub("uname", '[ "$1" = -s ] && echo Darwin || echo arm64')


def on_a_full_disk(machine):
    machine.stub("df", DF.replace("99999999}", "1048576}"))


@pytest.mark.parametrize(
    ("plant", "missing", "remedy"),
    [
        (without_python, "Python 3.10 (", "apt-get install python3.10 "),
        (without_venv, "the venv module of ", "apt-get install python3.10-venv"),
        (without_headers, "the headers of ", "apt-get install python3.10-dev"),
        (without_compiler, "a C compiler (cc or gcc)", "build-essential"),
        (without_cpp, "a C++ compiler behind ", "build-essential"),
        (on_a_mac, "Linux x86-64 (this is Darwin arm64)", "a container"),
        (on_a_full_disk, "disk space for .venv (4 GiB needed, 1024 MiB free)", "VENV="),
    ],
)
def test_what_is_missing_is_named_in_one_line_with_its_remedy(
    machine, plant, missing, remedy
):
    plant(machine)
    done = machine.run()
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"setup: missing: {missing}")
    assert remedy in line.split("get it with: ")[1]
    assert not (machine.checkout / ".venv").exists()


def test_everything_that_is_missing_is_named_at_once(machine):
    without_headers(machine)
    without_compiler(machine)
    on_a_mac(machine)
    assert len(machine.run().stderr.splitlines()) == 3


def test_a_python_that_does_not_run_is_passed_over(machine):
    machine.stub("python3", PYTHON)
    machine.stub("python3.10", "exit 127")  # as a pyenv shim without its version
    done = machine.run()
    assert done.returncode == 0, done.stderr


def test_the_named_python_is_taken_first(machine, tmp_path):
    own = tmp_path / "own-python"
    own.write_text(f"#!/bin/sh\necho own >>{tmp_path / 'used'}\n{PYTHON}")
    own.chmod(0o755)
    assert machine.run(PYTHON=str(own)).returncode == 0
    assert (tmp_path / "used").exists()


def test_a_fresh_machine_gets_both_locks_with_hashes_and_then_the_project(machine):
    done = machine.run()
    assert done.returncode == 0, done.stderr
    (bootstrap,) = [call for call in machine.calls("python") if "pip install" in call]
    assert "--require-hashes -r requirements/bootstrap.lock" in bootstrap
    sync, project = machine.calls("uv")
    assert "pip sync" in sync
    assert (
        "--require-hashes --no-build-isolation requirements/requirements.lock" in sync
    )
    assert "--no-deps --no-build-isolation --editable ." in project
    assert done.stdout.splitlines()[-1].startswith("setup: .venv is ready")


def test_a_second_run_installs_nothing_and_says_so(machine):
    machine.run()
    before = {path: path.stat().st_mtime_ns for path in machine.checkout.rglob("*")}
    done = machine.run()
    assert done.returncode == 0
    assert done.stdout == "setup: .venv is up to date, nothing to install\n"
    assert machine.calls("uv") == []
    assert machine.calls("python") == ["python -V"]
    after = {path: path.stat().st_mtime_ns for path in machine.checkout.rglob("*")}
    assert after == before


@pytest.mark.parametrize(
    "name",
    ["requirements/requirements.lock", "requirements/bootstrap.lock", "setup.py"],
)
def test_a_changed_lock_is_synchronised_into_the_same_environment(machine, name):
    machine.run()
    (machine.checkout / ".venv" / "kept").touch()
    with (machine.checkout / name).open("a") as stream:
        stream.write("# changed\n")
    assert machine.run().returncode == 0
    assert len(machine.calls("uv")) == 2
    assert not any("-m venv" in call for call in machine.calls("python"))
    assert (machine.checkout / ".venv" / "kept").exists()
    assert "nothing to install" in machine.run().stdout


def test_an_interrupted_run_is_done_again_from_the_start(machine):
    machine.stub("uv-stub", 'kill -9 "$PPID"')
    assert machine.run().returncode == -9
    (machine.checkout / ".venv" / "half-written").touch()
    machine.stub("uv-stub", UV)
    done = machine.run()
    assert done.returncode == 0
    assert any("-m venv" in call for call in machine.calls("python"))
    assert not (machine.checkout / ".venv" / "half-written").exists()
    assert "nothing to install" in machine.run().stdout


def test_a_moved_checkout_gets_a_new_environment(machine, tmp_path):
    machine.run()
    machine.checkout = machine.checkout.rename(tmp_path / "moved")
    assert machine.run().returncode == 0
    assert any("-m venv" in call for call in machine.calls("python"))


def test_a_folder_of_somebody_else_is_left_alone(machine, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").touch()
    done = machine.run(VENV=str(other))
    assert done.returncode == 1
    assert "was not made by this set-up and is left alone" in done.stderr
    assert [path.name for path in other.iterdir()] == ["thesis.txt"]


def test_where_uv_reaches_no_index_pip_takes_over(machine):
    machine.stub("uv-stub", 'case "$*" in *sync*) echo no route; exit 2;; esac' + UV)
    done = machine.run()
    assert done.returncode == 0
    assert "no route" in done.stderr
    assert machine.calls("python")[-2].startswith(
        "python -m pip install --require-hashes --no-build-isolation"
    )


def test_a_failed_phase_shows_its_reason_and_is_not_taken_for_done(machine):
    fault = 'case "$*" in *"pip install"*) echo no such index; exit 7;; esac'
    machine.stub("python3.10", fault + PYTHON)
    done = machine.run()
    assert done.returncode != 0
    assert "no such index" in done.stderr
    assert not (machine.checkout / ".venv" / ".carseg-setup").exists()


def test_the_index_that_pip_uses_is_handed_to_uv(machine):
    machine.run(PIP_INDEX_URL="file:///mirror/simple")
    assert machine.calls("uv")[0].endswith("index=file:///mirror/simple")


def test_make_help_lists_every_target(machine):
    listed = machine.run("make").stdout.splitlines()
    names = [line.split()[1] for line in listed]
    assert names == ["help", *TARGETS]
    assert all(len(line.split()) > 3 for line in listed)


@pytest.mark.parametrize("target", TARGETS[:-1])
def test_every_target_but_clean_sets_up_first(machine, target):
    plan = machine.run("make", "-n", target)
    assert plan.returncode == 0, plan.stderr
    assert plan.stdout.splitlines()[0] == "sh requirements/install.sh"


def test_make_test_ends_with_all_tests_and_make_check_with_the_fast_ones(machine):
    last = {
        target: machine.run("make", "-n", target).stdout.splitlines()[-1]
        for target in ("test", "check")
    }
    assert last["test"] == ".venv/bin/python -m pytest -n 2 --dist loadfile"
    assert last["check"] == f'{last["test"]} -m "not integration and not e2e"'


@pytest.mark.parametrize("code", [1, 5], ids=["failures", "no tests"])
def test_make_test_fails_with_its_tests(machine, code):
    machine.stub("python3.10", f'case "$*" in *pytest*) exit {code};; esac' + PYTHON)
    tools = 'for tool in ruff mypy; do cp "$STUB_BIN/cc" "${0%/*}/$tool"; done'
    machine.stub("uv-stub", UV + tools)
    done = machine.run("make", "test")
    assert done.returncode == 2
    assert f"Error {code}" in done.stderr


def test_the_ci_script_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "make test"


@pytest.mark.parametrize("name", ["requirements.lock", "bootstrap.lock"])
def test_a_lock_pins_with_hashes_and_names_no_place(name):
    text = (ROOT / "requirements" / name).read_text()
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert all(re.match(r"[\w.\[\],-]+==\S+ \\\n +--hash=sha256:", e) for e in entries)
    assert not re.search(r"://|^ *--(?!hash)| @ |/home|/tmp", text, re.MULTILINE)


def test_the_locks_agree_on_what_they_share():
    pins = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.MULTILINE))
        for path in sorted((ROOT / "requirements").glob("*.lock"))
    ]
    shared = pins[0].keys() & pins[1].keys()
    assert {"setuptools", "wheel"} <= shared
    assert {n: pins[0][n] for n in shared} == {n: pins[1][n] for n in shared}


def test_the_lock_is_made_from_what_setup_py_requires():
    lists = [
        {item.value for item in node.elts if isinstance(item, ast.Constant)}
        for node in ast.walk(ast.parse((ROOT / "setup.py").read_text()))
        if isinstance(node, ast.List)
    ]
    required = next(items for items in lists if "tfx==1.16.0" in items)
    developing = next(items for items in lists if any("pytest>" in i for i in items))
    for names, file in ((required, "requirements.in"), (developing, "dev.in")):
        lines = set((ROOT / "requirements" / file).read_text().splitlines())
        assert names <= lines, f"add {names - lines} to {file}, then `make lock`"
