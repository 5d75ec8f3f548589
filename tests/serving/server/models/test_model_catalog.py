from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from google.protobuf import text_format
from tensorflow_serving.config import model_server_config_pb2

from serving.server.errors import (
    DeadlineExceededError,
    FailedPreconditionError,
    InvalidArgumentError,
    ServingError,
)
from serving.server.models.swap_policy import State
from tests.serving.server.models.fake_loader import Loader, states, wait_until
from tests.serving.server.models.served import Served, config, soon
from tests.serving.server.models.version_folders import (
    add_version,
    entry,
    running_catalog,
)

ALL = "model_version_policy { all {} }"


def test_a_new_configuration_takes_the_place_of_the_whole_old_one(
    served: Served, tmp_path: Path
) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    add_version(b, 5)
    served.catalog.replace(config(entry("a", a), entry("b", b)), soon())
    assert served.answering() == {"a": {1}, "b": {5}}  # not a moment later

    served.catalog.replace(config(entry("b", b)), soon())
    wait_until(lambda: served.answering() == {"b": {5}})
    wait_until(lambda: served.states("a") == {1: State.END})  # stays listed

    served.catalog.replace(config(entry("b", b), entry("a", a)), soon())
    assert served.answering() == {"a": {1}, "b": {5}}
    served.catalog.replace(config())
    wait_until(lambda: served.answering() == {})


def test_policies_and_base_paths_change_with_the_configuration(
    served: Served, tmp_path: Path
) -> None:
    for number in (2, 3):
        add_version(tmp_path / "a", number)
    wait_until(lambda: served.answering() == {"a": {3}})
    served.catalog.replace(config(entry("a", tmp_path / "a", ALL)))
    wait_until(lambda: served.answering() == {"a": {1, 2, 3}})
    specific = "model_version_policy { specific { versions: 2 versions: 1 } }"
    served.catalog.replace(config(entry("a", tmp_path / "a", specific)))
    wait_until(lambda: served.answering() == {"a": {1, 2}})
    latest = "model_version_policy { latest { num_versions: 2 } }"
    served.catalog.replace(config(entry("a", tmp_path / "a", latest)))
    wait_until(lambda: served.answering() == {"a": {2, 3}})

    add_version(tmp_path / "moved", 9)
    served.catalog.replace(config(entry("a", tmp_path / "moved")))
    wait_until(lambda: served.answering() == {"a": {9}})


def test_models_that_fail_leave_everything_as_it_was(
    served: Served, loader: Loader, tmp_path: Path
) -> None:
    for name in "bc":
        loader.failing.add(add_version(tmp_path / name, 1))
    bad = config(
        entry("b", tmp_path / "b"), entry("c", tmp_path / "c"), entry("d", tmp_path)
    )
    add_version(tmp_path, 1)
    with pytest.raises(ServingError) as raised:
        served.catalog.replace(bad, soon())
    reason = "due to error: FAILED_PRECONDITION: no variables}, "
    assert str(raised.value) == (
        "UNKNOWN: 2 model(s) did not become available: {{{name: b version: 1}"
        f" {reason}{{{{name: c version: 1}} {reason}}}"
    )
    assert served.answering()["a"] == {1}
    assert served.states("b") == {1: State.END}

    for name in "bc":  # mended by a version that loads
        add_version(tmp_path / name, 2)
    wait_until(lambda: served.answering().keys() == set("abcd"))
    served.catalog.replace(bad, soon())
    wait_until(lambda: served.answering() == {"b": {2}, "c": {2}, "d": {1}})


def test_a_model_that_failed_is_given_up_by_the_next_configuration(
    served: Served, loader: Loader, tmp_path: Path
) -> None:
    loader.failing.add(path := add_version(tmp_path / "b", 1))
    a, b = entry("a", tmp_path / "a"), entry("b", tmp_path / "b")
    for _ in range(2):
        with pytest.raises(ServingError, match=r"1 model\(s\) did not become"):
            served.catalog.replace(config(a, b), soon())
    assert loader.tries.count(path) == 1  # it was wanted all the time

    served.catalog.replace(config(a), soon())
    loader.failing.clear()
    served.catalog.replace(config(a, b), soon())
    assert served.answering() == {"a": {1}, "b": {1}}


def test_a_model_that_does_not_come_is_waited_for_as_long_as_the_client_waits(
    served: Served, loader: Loader, tmp_path: Path
) -> None:
    missing = config(entry("b", tmp_path / "b"))
    with pytest.raises(DeadlineExceededError, match="not available yet: b"):
        served.catalog.replace(missing, time.monotonic() + 0.05)
    assert served.answering() == {"a": {1}}
    add_version(tmp_path / "b", 1)
    wait_until(lambda: served.answering() == {"a": {1}, "b": {1}})
    served.catalog.replace(missing, soon())
    wait_until(lambda: served.answering() == {"b": {1}})


def test_one_configuration_is_taken_at_a_time(
    served: Served, loader: Loader, tmp_path: Path
) -> None:
    gate = loader.gates[add_version(tmp_path / "b", 1)] = threading.Event()
    slow = threading.Thread(
        target=served.catalog.replace, args=[config(entry("b", tmp_path / "b"))]
    )
    slow.start()
    wait_until(lambda: served.states("b") == {1: State.LOADING})
    with pytest.raises(DeadlineExceededError, match="another configuration"):
        served.catalog.replace(config(), time.monotonic() + 0.02)
    assert served.answering() == {"a": {1}}
    gate.set()
    slow.join()
    wait_until(lambda: served.answering() == {"b": {1}})


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (
            ["A", "A"],
            "Illegal to list model a multiple times in config list",
        ),
        (
            ["A", 'name: "b" base_path: "rel" model_platform: "tensorflow"'],
            "Expected model b to have an absolute path or URI; got base_path()=rel",
        ),
        (
            ['name: "a" base_path: "/a" model_platform: "caffe"'],
            "Illegal to change a model's platform. For model a platform was tensorflow"
            " and new platform requested is caffe",
        ),
        (
            ["A", 'name: "b" base_path: "/b" model_platform: "caffe"'],
            "Model b requests unsupported platform caffe",
        ),
        (
            ["A", 'name: "b" base_path: "/b"'],
            "Illegal setting neither ModelServerConfig::model_type (deprecated) nor"
            " ModelServerConfig::model_platform.",
        ),
        (["A logging_config {}"], "No request-logger-creator provided."),
    ],
    ids=["twice", "relative", "platform changed", "platform", "no platform", "log"],
)
def test_an_illegal_configuration_changes_nothing(
    served: Served, tmp_path: Path, entries: list[str], message: str
) -> None:
    a = entry("a", tmp_path / "a")
    with pytest.raises(InvalidArgumentError) as raised:
        served.catalog.replace(config(*(e.replace("A", a) for e in entries)), soon())
    assert raised.value.message == message
    assert served.answering() == {"a": {1}}


@pytest.mark.parametrize("text", ["", "custom_model_config {}"], ids=["none", "other"])
def test_only_a_list_of_models_can_follow_one(served: Served, text: str) -> None:
    other = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
    with pytest.raises(FailedPreconditionError) as raised:
        served.catalog.replace(other)
    assert raised.value.message == (
        "Cannot transition to requested config. It is only legal to transition from one"
        " ModelConfigList to another."
    )
    assert served.answering() == {"a": {1}}


def test_a_server_without_models_takes_them_later(
    loader: Loader, tmp_path: Path
) -> None:
    add_version(tmp_path / "a", 1)
    with running_catalog(loader) as (catalog, manager):
        catalog.start([])
        assert manager.all_available([])
        catalog.replace(model_server_config_pb2.ModelServerConfig())
        catalog.replace(config(entry("a", tmp_path / "a")), soon())
        assert states(manager, "a") == {1: State.AVAILABLE}
