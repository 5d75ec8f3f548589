"""Installed versions against a lock."""

import pytest

from tfx_pipeline.cli.doctor_lock import (
    LOCK,
    check_versions,
    installed_versions,
    read_lock,
)

LOCK_TEXT = """\
Keras_CV==0.9.0 \\
    --hash=sha256:00
    # via -r requirements.in
numpy==1.26.4 ; python_version < "3.11" \\
    --hash=sha256:01
    # via
    #   apache-beam==2.60.0
"""


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "requirements.lock"
    path.write_text(LOCK_TEXT)
    return path


def test_a_lock_is_read_without_hashes_comments_and_markers():
    assert read_lock(LOCK_TEXT) == {"keras-cv": "0.9.0", "numpy": "1.26.4"}


def test_all_as_in_the_lock_is_fine(lock):
    check = check_versions(lock, {"keras-cv": "0.9.0", "numpy": "1.26.4", "more": "1"})
    assert (check.status, check.found) == ("ok", "all 2 as in the lock")


def test_another_version_and_an_absent_package_are_named(lock):
    check = check_versions(lock, {"numpy": "2.0.0"})
    assert check.status == "fail"
    assert check.found == (
        "2 of 2 differ: keras-cv absent (lock: 0.9.0), numpy 2.0.0 (lock: 1.26.4)"
    )
    assert "make setup" in check.remedy


def test_a_long_list_is_cut(lock):
    lock.write_text("".join(f"p{i}==1\n" for i in range(8)))
    assert check_versions(lock, {}).found.endswith("p4 absent (lock: 1) and 3 more")


def test_a_real_package_in_another_version_is_found(lock):
    version = installed_versions()["pytest"]
    lock.write_text("pytest==0.0.1\n")
    assert f"pytest {version} (lock: 0.0.1)" in check_versions(lock).found


def test_without_a_lock_the_check_says_so(tmp_path):
    check = check_versions(tmp_path / "absent.lock")
    assert check.status == "warn"
    assert check.found == "not checked: no lock beside the package"


def test_an_empty_lock_is_a_fault(lock):
    lock.write_text("# nothing\n")
    assert check_versions(lock).status == "fail"


def test_the_lock_of_the_checkout_is_found():
    assert read_lock(LOCK.read_text())["tfx"] == installed_versions()["tfx"]
