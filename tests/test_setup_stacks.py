"""Which of the two stacks the set-up takes on which machine, and why it says."""

import pytest

from tests.drawn_machine import PYTHON, draw_machine

NEW = {"STUB_GLIBC": "2.41"}
NEWER_PYTHON = {
    version: PYTHON.replace("version=3.10", f"version={version}")
    for version in ("3.9", "3.11", "3.12", "3.13")
}


@pytest.fixture
def machine(tmp_path):
    return draw_machine(tmp_path)


def stub_python(machine, version: str, *, lacking: str = "") -> None:
    fault = f'case "$*" in *{lacking}*) exit 1;; esac\n' if lacking else ""
    machine.stub(f"python{version}", fault + NEWER_PYTHON[version])


def taken(done) -> str:
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "TFX" in line]
    return line.removeprefix("setup: ")


def synced_lock(machine) -> str:
    (sync,) = [call for call in machine.calls("uv") if "pip sync" in call]
    return sync.split("requirements/")[1].split()[0]


@pytest.mark.parametrize("version", ["3.11", "3.12"])
@pytest.mark.parametrize("glibc", ["2.39", "2.41", "3.0"])
def test_a_new_glibc_and_a_newer_python_get_tfx_1_21(machine, version, glibc):
    stub_python(machine, version)
    done = machine.run(STUB_GLIBC=glibc)
    assert taken(done) == f"TFX 1.21 on Python {version} (glibc {glibc} is new enough)"
    assert synced_lock(machine) == "modern.lock"


@pytest.mark.parametrize("glibc", ["2.38", "2.4", "1.99"])
def test_an_older_glibc_gets_tfx_1_16_and_hears_why(machine, glibc):
    stub_python(machine, "3.12")
    done = machine.run(STUB_GLIBC=glibc)
    assert taken(done) == (
        f"TFX 1.16 on Python 3.10 (glibc is {glibc}, TFX 1.21 needs 2.39 or newer)"
    )
    assert synced_lock(machine) == "requirements.lock"


@pytest.mark.parametrize("version", ["3.9", "3.13"])
def test_a_python_that_tfx_1_21_does_not_run_on_is_passed_over(machine, version):
    stub_python(machine, version)
    machine.stub("python3", NEWER_PYTHON[version])
    assert taken(machine.run(**NEW)) == (
        "TFX 1.16 on Python 3.10 "
        "(no Python 3.11 or 3.12 was found, which TFX 1.21 needs)"
    )


def test_an_incomplete_newer_python_is_passed_over_with_the_reason(machine):
    stub_python(machine, "3.12", lacking="ensurepip")
    line = taken(machine.run(**NEW))
    assert line.startswith("TFX 1.16 on Python 3.10 (")
    assert line.endswith("python3.12 lacks the venv module, which TFX 1.21 needs)")


def test_where_it_is_all_there_is_what_it_lacks_is_named(machine):
    (machine.programs / "python3.10").unlink()
    stub_python(machine, "3.12", lacking="ensurepip")
    done = machine.run(**NEW)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("setup: missing: the venv module of ")
    assert "apt-get install python3.12-venv python3.12-dev" in line


def test_a_named_python_chooses_its_stack(machine):
    stub_python(machine, "3.12")
    named = str(machine.programs / "python3.10")
    line = taken(machine.run(PYTHON=named, **NEW))
    assert line == f"TFX 1.16 on Python 3.10 (PYTHON names {named})"
    assert synced_lock(machine) == "requirements.lock"


def test_a_python_that_pyenv_hides_in_the_checkout_is_found(machine):
    real = machine.programs / "real"
    real.write_text(f"#!/bin/sh\n{NEWER_PYTHON['3.11']}\n")
    real.chmod(0o755)
    shim = f'case "$PWD" in /) exec {real} "$@";; *) exit 127;; esac\n'
    machine.stub("python3.11", shim)
    assert taken(machine.run(**NEW)).startswith("TFX 1.21 on Python 3.11")


def test_a_second_run_says_which_stack_is_there(machine):
    stub_python(machine, "3.11")
    machine.run(**NEW)
    assert taken(machine.run(**NEW)) == (
        ".venv is up to date, nothing to install: "
        "TFX 1.21 on Python 3.11 (glibc 2.41 is new enough)"
    )


def test_the_lock_of_the_other_stack_changes_nothing(machine):
    stub_python(machine, "3.11")
    machine.run(**NEW)
    with (machine.checkout / "requirements" / "requirements.lock").open("a") as stream:
        stream.write("# changed\n")
    assert "nothing to install" in machine.run(**NEW).stdout
    with (machine.checkout / "requirements" / "modern.lock").open("a") as stream:
        stream.write("# changed\n")
    assert "nothing to install" not in machine.run(**NEW).stdout


def test_an_environment_of_the_other_stack_is_made_anew(machine):
    machine.run()
    (machine.checkout / ".venv" / "old").touch()
    with (machine.checkout / "setup.py").open("a") as stream:
        stream.write("# changed\n")
    stub_python(machine, "3.11")
    assert taken(machine.run(**NEW)).startswith("TFX 1.21 on Python 3.11")
    assert not (machine.checkout / ".venv" / "old").exists()
