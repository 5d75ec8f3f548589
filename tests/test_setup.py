"""The set-up on machines that lack things, drawn as folders of stub programs."""

import os

import pytest

from tests.drawn_machine import DF, PYTHON, ROOT, UV, draw_machine

TARGETS = (
    *("setup", "demo", "test", "test-modern", "check", "lint", "types", "bench"),
    *("lock", "clean"),
)


@pytest.fixture
def machine(tmp_path):
    return draw_machine(tmp_path)


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
        (without_python, "Python 3.10, or 3.11", "apt-get install python3.10 "),
        (without_venv, "the venv module of ", "apt-get install python3.10-venv"),
        (without_headers, "the headers of ", "python3.10-venv python3.10-dev"),
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
    assert done.stdout == (
        "setup: .venv is up to date, nothing to install: TFX 1.16 on Python 3.10 "
        "(no Python 3.11 or 3.12 was found, which TFX 1.21 needs)\n"
    )
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


def test_make_test_modern_sets_its_stack_up_and_then_tests_on_it(machine):
    python = "build/modern/venv/bin/python -m pytest -n 2 --dist loadfile"
    _, setup, fast, slow = machine.run("make", "-n", "test-modern").stdout.splitlines()
    assert setup == "sh requirements/modern.sh build/modern"
    assert fast == f'{python} -m "not integration and not e2e"'
    files = slow.removeprefix(f"{python} -m integration ").split()
    assert len(files) > 5
    assert all((ROOT / file).exists() for file in files)
    whole = machine.run("make", "-n", "test-modern", "ALL=1").stdout.splitlines()
    assert [line.strip() for line in whole[2:]] == [python]


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
