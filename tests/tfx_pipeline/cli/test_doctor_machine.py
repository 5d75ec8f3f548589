"""Checks of the machine, with the fault planted through their arguments."""

import subprocess
import sys
from pathlib import Path

import pytest

from tfx_pipeline.cli.doctor_machine import (
    GIB,
    check_compiler,
    check_cores,
    check_disk,
    check_memory,
    check_python,
    check_temp_folder,
    glibc_version,
    memory_limit_bytes,
    read_meminfo,
)


@pytest.mark.parametrize(
    ("version", "system", "machine", "status", "remedy"),
    [
        ((3, 10, 13), "Linux", "x86_64", "ok", ""),
        ((3, 9, 2), "Linux", "x86_64", "fail", "Python 3.10, 3.11 or 3.12"),
        ((3, 13, 0), "Linux", "x86_64", "fail", "Python 3.10, 3.11 or 3.12"),
        ((3, 10, 13), "Darwin", "arm64", "fail", "container"),
        ((3, 10, 13), "Linux", "aarch64", "fail", "Linux x86-64"),
    ],
)
def test_only_linux_x86_64_and_a_python_with_wheels_will_do(
    version, system, machine, status, remedy
):
    check = check_python(version, system, machine)
    assert check.status == status
    assert check.found == f"{'.'.join(map(str, version))} on {system} {machine}"
    assert remedy in check.remedy


@pytest.mark.parametrize(
    ("glibc", "status", "found"),
    [
        ((2, 39), "ok", "3.12.1 on Linux x86_64"),
        ((2, 38), "fail", "3.12.1 on Linux x86_64, glibc 2.38"),
        ((), "fail", "3.12.1 on Linux x86_64, glibc absent"),
    ],
)
def test_the_newer_pythons_need_a_new_glibc(glibc, status, found):
    check = check_python((3, 12, 1), "Linux", "x86_64", glibc)
    assert (check.status, check.found) == (status, found)


def test_python_310_does_not_ask_for_a_new_glibc():
    assert check_python((3, 10, 13), "Linux", "x86_64", (2, 17)).status == "ok"


def test_this_machine_s_glibc_is_what_its_tool_says():
    said = subprocess.run(
        ["getconf", "GNU_LIBC_VERSION"], capture_output=True, check=True
    )
    on_path = tuple(int(part) for part in said.stdout.split()[1].split(b"."))
    assert glibc_version() >= on_path  # newer in an environment of make test-modern


def test_a_lack_of_compiler_and_headers_is_a_warning(tmp_path):
    check = check_compiler(str(tmp_path / "c++"), str(tmp_path))
    assert check.status == "warn"
    assert check.found == f"no C++ compiler (c++ or g++) and no Python.h in {tmp_path}"
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert f"build-essential {name}-dev" in check.remedy


def test_a_compiler_with_headers_is_named(tmp_path):
    (tmp_path / "Python.h").touch()
    check = check_compiler(sys.executable, str(tmp_path))
    assert (check.status, check.found) == ("ok", f"{sys.executable}, Python.h")


@pytest.mark.parametrize(
    ("total_gib", "available_gib", "status", "remedy"),
    [
        (16, 12, "ok", ""),
        (8, 4, "ok", ""),
        (7.9, 7, "warn", "8 GiB are advised"),
        (16, 3.9, "warn", "4 GiB free are advised"),
    ],
)
def test_little_memory_is_a_warning(total_gib, available_gib, status, remedy):
    check = check_memory(int(total_gib * GIB), int(available_gib * GIB))
    assert check.status == status
    assert check.found == f"{total_gib:.1f} GiB, {available_gib:.1f} GiB free"
    assert remedy in check.remedy


def test_memory_is_read_from_this_machine():
    assert read_meminfo(Path("/proc/meminfo").read_text())["MemTotal"] > GIB / 4
    assert "GiB free" in check_memory().found


@pytest.mark.parametrize(
    ("text", "limit"),
    [("1024\n", 1024), ("max\n", 5000), ("9999\n", 5000), (None, 5000)],
    ids=["container", "no limit", "limit above the machine", "no file"],
)
def test_a_container_has_its_own_memory_limit(tmp_path, text, limit):
    if text is not None:
        (tmp_path / "memory.max").write_text(text)
    assert memory_limit_bytes(5000, tmp_path / "memory.max") == limit


@pytest.mark.parametrize(
    ("least", "advised", "status", "words"),
    [
        (0, 0, "ok", ""),
        (0, 1e9, "warn", "1e+09 GiB are needed"),
        (1e8, 1e9, "fail", "1e+08 GiB are needed"),
    ],
)
def test_disk_warns_below_the_advised_and_fails_below_the_least(
    tmp_path, least, advised, status, words
):
    check = check_disk(tmp_path, least_gib=least, advised_gib=advised)
    assert check.status == status
    assert check.found.endswith(f"GiB free at {tmp_path}")
    assert words in check.remedy


@pytest.mark.parametrize(("count", "status"), [(1, "warn"), (2, "ok")])
def test_a_single_core_is_a_warning(count, status):
    assert check_cores(count).status == status


def test_a_temp_folder_that_cannot_be_written_is_a_fault(tmp_path):
    check = check_temp_folder(tmp_path / "absent")
    assert check.status == "fail"
    assert check.found == (
        f"cannot write to {tmp_path / 'absent'}: No such file or directory"
    )
    assert "TMPDIR" in check.remedy


def test_a_temp_folder_is_left_as_it_was(tmp_path):
    assert check_temp_folder(tmp_path).status == "ok"
    assert list(tmp_path.iterdir()) == []
