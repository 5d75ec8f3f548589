from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from serving.server.models.version_source import VersionSource
from serving.server.settings.model_config import ModelSettings
from serving.server.settings.version_policy import VersionPolicy
from tests.serving.server.models.fake_loader import wait_until
from tests.serving.server.models.version_folders import add_version

ALL = VersionPolicy(latest=None)


class Wanted:
    """What a source has told, per model."""

    def __init__(self) -> None:
        self.now: dict[str, Mapping[int, str]] = {}

    def __call__(self, name: str, paths: Mapping[int, str]) -> None:
        self.now[name] = paths


@pytest.fixture
def wanted() -> Wanted:
    return Wanted()


@pytest.fixture
def source(wanted: Wanted) -> VersionSource:
    return VersionSource(period_s=0, aspire=wanted)


def settings(base: Path, policy: VersionPolicy = ALL, name: str = "m") -> ModelSettings:
    return ModelSettings(name=name, base_path=str(base), policy=policy)


def test_a_half_copied_version_is_wanted_once_its_graph_is_there(
    source: VersionSource, wanted: Wanted, tmp_path: Path
) -> None:
    first = add_version(tmp_path, 1)
    (tmp_path / "2/variables").mkdir(parents=True)
    (tmp_path / "2/variables/variables.index").touch()
    source.watch([settings(tmp_path, VersionPolicy())])
    source.poll()
    assert wanted.now == {"m": {1: first}}
    (tmp_path / "2/saved_model.pb").touch()
    source.poll()
    assert wanted.now == {"m": {2: f"{tmp_path}/2"}}


def test_a_version_is_copied_anew_under_an_old_number(
    source: VersionSource, wanted: Wanted, tmp_path: Path
) -> None:
    path = add_version(tmp_path, 1)
    source.watch([settings(tmp_path)])
    source.poll()
    (tmp_path / "1/saved_model.pb").unlink()
    source.poll()
    assert wanted.now == {"m": {1: path}}  # what is served goes on being served
    shutil.rmtree(tmp_path / "1")
    source.poll()
    assert wanted.now == {"m": {}}
    (tmp_path / "1").mkdir()
    source.poll()
    assert wanted.now == {"m": {}}


def test_what_is_no_version_is_not_wanted(
    source: VersionSource, wanted: Wanted, tmp_path: Path
) -> None:
    add_version(tmp_path, 7)
    for name in ("00000123", "7.tmp", "notes", "99999999999999999999"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "saved_model.pb").touch()
    (tmp_path / "8").touch()
    source.watch([settings(tmp_path)])
    source.poll()
    assert wanted.now == {"m": {123: f"{tmp_path}/00000123", 7: f"{tmp_path}/7"}}


def test_a_base_path_that_is_gone_changes_nothing_and_an_empty_one_unloads_all(
    source: VersionSource,
    wanted: Wanted,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    base, other = tmp_path / "m", tmp_path / "other"
    path, other_path = add_version(base, 1), add_version(other, 1)
    source.watch([settings(base), settings(other, name="other")])
    source.poll()
    base.rename(tmp_path / "elsewhere")
    other_2 = add_version(other, 2)
    source.poll()
    assert wanted.now == {"m": {1: path}, "other": {2: other_2, 1: other_path}}
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.message == (
        f"Could not find base path {base} for servable m with error NOT_FOUND: {base}"
        " not found; waiting for it"
    )
    base.mkdir()
    source.poll()
    assert wanted.now["m"] == {}
    assert caplog.records[-1].message == (
        f"No versions of servable m found under base path {base}. Did you forget to"
        " name your leaf directory as a number (eg. '/1/')?"
    )


def test_specific_versions_that_are_missing_are_only_warned_about(
    source: VersionSource,
    wanted: Wanted,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    paths = {number: add_version(tmp_path, number) for number in (1, 2, 3)}
    source.watch([settings(tmp_path, VersionPolicy(latest=None, specific=(1, 9)))])
    for _ in range(3):
        source.poll()
    assert wanted.now == {"m": {1: paths[1]}}
    assert [record.message for record in caplog.records] == [
        "Version 9 of servable m, which was requested to be served as a 'specific'"
        " version in the servable's version policy, was not found in the file system"
    ]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda base: (base / "saved_model.pb").touch(), "It holds a saved_model.pb"),
        (lambda base: (base / "1").mkdir(), "Waiting for saved_model.pb in 1"),
        (lambda base: (base / "one").mkdir(), "Did you forget to name your leaf"),
    ],
    ids=["the version itself", "half a copy", "no number"],
)
def test_what_is_missing_is_said_with_the_way_out(
    source: VersionSource,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    make: Callable[[Path], None],
    words: str,
) -> None:
    make(tmp_path)
    source.watch([settings(tmp_path)])
    source.poll()
    assert words in caplog.text


def test_what_is_no_longer_looked_for_goes_at_once_and_for_good(
    source: VersionSource, wanted: Wanted, tmp_path: Path
) -> None:
    path = add_version(tmp_path, 1)
    kept, gone = settings(tmp_path, name="kept"), settings(tmp_path, name="gone")
    source.watch([kept, gone])
    source.poll()
    assert wanted.now == {"kept": {1: path}, "gone": {1: path}}
    source.watch([kept])
    assert wanted.now == {"kept": {1: path}, "gone": {}}
    source.poll()
    assert wanted.now == {"kept": {1: path}, "gone": {}}


def test_a_source_that_looks_once_looks_again_where_it_gets_something_else_to_do(
    wanted: Wanted, tmp_path: Path
) -> None:
    source = VersionSource(period_s=0, aspire=wanted)
    first = add_version(tmp_path, 1)
    source.watch([settings(tmp_path, VersionPolicy())])
    source.start()
    wait_until(lambda: wanted.now == {"m": {1: first}})
    second = add_version(tmp_path, 2)
    source.watch([settings(tmp_path, ALL)])
    wait_until(lambda: wanted.now == {"m": {2: second, 1: first}})
    source.stop()
