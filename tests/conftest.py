"""What holds for every test, and in which order files of tests are begun."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.remembered_dofns import remember_dofn_specs

# `carseg run` switches oneDNN on for the rest of its process. Here that would reach the
# processes of later tests, some of which compare trainings bit by bit.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

SLOW = ("e2e", "integration")  # the slowest first


def pytest_configure(config: pytest.Config) -> None:
    """Lets pytest-xdist keep the order of `pytest_collection_modifyitems`.

    By itself it ends with the files of one test, and those are the slowest.
    """
    if config.pluginmanager.hasplugin("xdist"):
        config.option.loadscopereorder = False


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts whole files in order, so that no worker is left with a slow one at last."""
    places: dict[Path, int] = {}
    for item in items:
        places[item.path] = min(_place(item), places.get(item.path, len(SLOW)))
    items.sort(key=lambda item: places[item.path])


def _place(item: pytest.Item) -> int:
    marks: Sequence[bool] = [item.get_closest_marker(name) is not None for name in SLOW]
    return marks.index(True) if True in marks else len(SLOW)


def pytest_runtest_setup() -> None:
    """Spares Beam work from the test on that follows the one that loads it."""
    remember_dofn_specs()
