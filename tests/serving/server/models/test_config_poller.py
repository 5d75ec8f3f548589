from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from serving.server.models.config_poller import ConfigPoller
from serving.server.models.model_manager import ModelManager
from serving.server.models.swap_policy import State
from serving.server.settings.model_config import read_model_config
from tests.serving.server.models.fake_loader import Loader, states, wait_until
from tests.serving.server.models.version_folders import (
    add_version,
    config_text,
    entry,
    running_catalog,
)

Polled = tuple[Path, ConfigPoller, ModelManager]


@pytest.fixture
def polled(tmp_path: Path) -> Iterator[Polled]:
    """A file that configures model `a`, what polls it, and what serves it."""
    file = tmp_path / "models.config"
    for name in "ab":
        add_version(tmp_path / name, 1)
    file.write_text(config_text(entry("a", tmp_path / "a")))
    with running_catalog(Loader()) as (catalog, manager):
        catalog.start(read_model_config(str(file)))
        wait_until(lambda: manager.all_available(["a"]))
        yield file, ConfigPoller(str(file), period_s=0.2, catalog=catalog), manager


def test_a_changed_file_is_taken_over_while_the_server_runs(
    polled: Polled, tmp_path: Path
) -> None:
    file, poller, manager = polled
    poller.start()
    file.write_text(config_text(entry("b", tmp_path / "b")))
    wait_until(lambda: states(manager, "b") == {1: State.AVAILABLE})
    wait_until(lambda: states(manager, "a") == {1: State.END})
    poller.stop()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"model_config_list {", "Error parsing text-format tensorflow.serving."),
        (b"model_config_list { config { nme: 3 } }", 'no field named "nme"'),
        (b"\xff\xfe\x00 no text", "Error parsing text-format tensorflow.serving."),
        (None, "must be a readable file"),
        (b"", "Cannot transition to requested config."),
        (b'model_config_list { config { name: "a" } }', "to have an absolute path"),
        (
            config_text(entry("b", "/no/such/folder")).encode(),
            "1 model(s) are not available yet: b",
        ),
    ],
    ids=["cut", "field", "bytes", "gone", "empty", "path", "no folder"],
)
def test_whatever_is_wrong_with_the_file_is_logged_and_changes_nothing(
    polled: Polled,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    content: bytes | None,
    words: str,
) -> None:
    file, poller, manager = polled
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    poller.poll()
    (error,) = [r for r in caplog.records if r.name.endswith("config_poller")]
    assert error.levelno == logging.ERROR and words in error.message
    assert states(manager, "a") == {1: State.AVAILABLE}

    a, c = entry("a", tmp_path / "a"), entry("c", tmp_path / "b")
    file.write_text(config_text(a, c))
    poller.poll()
    assert states(manager, "c") == {1: State.AVAILABLE}
    assert states(manager, "a") == {1: State.AVAILABLE}
