"""The doctor as a whole: its exit code, what it prints, what it may import."""

import argparse
import json
import subprocess
import sys

import pytest

from tfx_pipeline.cli import doctor
from tfx_pipeline.cli.doctor_check import Check, to_table

FINE = Check("disk", "ok", "50 GiB free")
DOUBT = Check("cores", "warn", "1", "use more")
BROKEN = Check("temp folder", "fail", "cannot write to /x", "set TMPDIR")


def run_with(monkeypatch, checks, as_json=False):
    monkeypatch.setattr(doctor, "examine", lambda: iter(checks))
    return doctor.run(argparse.Namespace(json=as_json))


@pytest.mark.parametrize(
    ("checks", "code"),
    [([FINE], 0), ([FINE, DOUBT], 0), ([FINE, DOUBT, BROKEN], 1)],
    ids=["fine", "a warning", "broken"],
)
def test_only_what_is_broken_fails(monkeypatch, capsys, checks, code):
    assert run_with(monkeypatch, checks) == code
    assert capsys.readouterr().out == to_table(checks) + "\n"


def test_the_table_says_how_to_mend_below_each_fault():
    assert to_table([FINE, DOUBT, BROKEN]).splitlines() == [
        "ok    disk         50 GiB free",
        "warn  cores        1",
        "                   to mend: use more",
        "fail  temp folder  cannot write to /x",
        "                   to mend: set TMPDIR",
        "1 ok, 1 warnings, 1 broken",
    ]


def test_json_is_one_object_with_every_check(monkeypatch, capsys):
    assert run_with(monkeypatch, [FINE, BROKEN], as_json=True) == 1
    assert json.loads(capsys.readouterr().out) == {
        "healthy": False,
        "checks": [
            {"name": "disk", "status": "ok", "found": "50 GiB free", "remedy": ""},
            {
                "name": "temp folder",
                "status": "fail",
                "found": "cannot write to /x",
                "remedy": "set TMPDIR",
            },
        ],
    }


def test_the_doctor_starts_where_no_package_is_installed():
    code = (
        "import sys; import tfx_pipeline.cli.doctor, tfx_pipeline.cli.doctor_probe; "
        "roots = {m.split('.')[0] for m in sys.modules if 'sysconfigdata' not in m}; "
        "print(roots - set(sys.stdlib_module_names) - {'__main__'})"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout == "{'tfx_pipeline'}\n", done.stderr


@pytest.mark.integration
def test_the_whole_examination_of_this_machine(capsys):
    doctor.run_doctor(as_json=True)
    checks = {
        check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]
    }
    assert list(checks) == [
        "python",
        "compiler",
        "memory",
        "disk",
        "cores",
        "temp folder",
        "versions",
        "devices",
        "training step",
    ]
    assert checks["training step"]["status"] == "ok"
    assert "CPU:0" in checks["devices"]["found"]
