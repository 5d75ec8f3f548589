from __future__ import annotations

import threading
import time

import pytest

from serving.server.errors import (
    Code,
    DeadlineExceededError,
    NotFoundError,
    ServingError,
)
from serving.server.models.model_manager import ModelManager
from serving.server.models.swap_policy import State
from tests.serving.server.models.fake_loader import Loader, states, wait_until


@pytest.fixture
def manager(loader: Loader) -> ModelManager:
    return ModelManager(loader, max_retries=2, retry_interval_s=0.01)


def served(manager: ModelManager, number: int | None = None) -> int:
    with manager.handle("m", number) as servable:
        servable.runner.run("", {}, set())
        return servable.version


def failed_once(loader: Loader, name: str, path: str, **limits: int) -> ModelManager:
    """A manager that tries version 1 of a model again in a minute."""
    manager = ModelManager(loader, max_retries=5, retry_interval_s=60, **limits)
    loader.failing.add(path)
    manager.aspire(name, {1: path})
    wait_until(lambda: loader.tries == [path])
    return manager


def test_a_new_version_takes_over_and_the_old_one_ends(
    manager: ModelManager, loader: Loader
) -> None:
    manager.aspire("m", {1: "one"})
    wait_until(lambda: states(manager) == {1: State.AVAILABLE})
    assert served(manager) == 1

    loader.gates["two"] = threading.Event()
    manager.aspire("m", {2: "two"})
    wait_until(lambda: loader.tries == ["one", "two"])
    assert states(manager) == {2: State.LOADING, 1: State.AVAILABLE}
    assert served(manager) == 1
    loader.gates["two"].set()
    wait_until(lambda: states(manager) == {2: State.AVAILABLE, 1: State.END})
    assert served(manager) == 2
    assert loader.runners["one"].closed and not loader.runners["two"].closed
    with pytest.raises(NotFoundError, match=r"for request: Specific\(m, 1\)"):
        served(manager, 1)


def test_a_version_stays_for_as_long_as_somebody_uses_it(
    manager: ModelManager, loader: Loader
) -> None:
    manager.aspire("m", {1: "one"})
    wait_until(lambda: manager.all_available(["m"]))
    with manager.handle("m") as servable:
        manager.aspire("m", {2: "two"})
        wait_until(lambda: states(manager) == {2: State.AVAILABLE, 1: State.UNLOADING})
        assert served(manager) == 2
        time.sleep(0.05)
        assert servable.runner.run("", {}, set()) == {"path": "one"}
    wait_until(lambda: states(manager)[1] is State.END)
    assert loader.runners["one"].closed


def test_a_version_that_fails_is_tried_again_and_the_old_one_serves_on(
    manager: ModelManager, loader: Loader
) -> None:
    manager.aspire("m", {1: "one"})
    wait_until(lambda: manager.all_available(["m"]))
    loader.failing.add("two")
    manager.aspire("m", {2: "two"})
    wait_until(lambda: states(manager)[2] is State.END)
    assert loader.tries == ["one", "two", "two", "two"]
    status = manager.statuses("m")[0]
    assert status.error is not None
    assert (status.error.code, status.error.message) == (
        *(Code.FAILED_PRECONDITION, "no variables"),
    )
    assert states(manager)[1] is State.AVAILABLE and served(manager) == 1

    loader.failing.clear()  # mended, but it is still the same version
    manager.aspire("m", {2: "two"})
    time.sleep(0.05)
    assert states(manager)[2] is State.END
    manager.aspire("m", {1: "one"})
    manager.aspire("m", {2: "two"})
    wait_until(lambda: states(manager) == {2: State.AVAILABLE, 1: State.END})


def test_a_model_without_any_good_version_never_becomes_available(
    manager: ModelManager, loader: Loader
) -> None:
    loader.failing.add("one")
    assert not manager.all_available(["m"])
    manager.aspire("m", {1: "one"})
    with pytest.raises(ServingError) as raised:
        wait_until(lambda: manager.all_available(["m"]))
    assert str(raised.value) == (
        "UNKNOWN: 1 model(s) did not become available: {{{name: m version: 1} due to"
        " error: FAILED_PRECONDITION: no variables}, }"
    )


def test_nothing_wanted_unloads_all_and_one_that_comes_back_is_loaded(
    manager: ModelManager,
) -> None:
    manager.aspire("m", {2: "two", 1: "one"})
    wait_until(lambda: set(states(manager).values()) == {State.AVAILABLE})
    assert (served(manager), served(manager, 1)) == (2, 1)
    manager.aspire("m", {})
    wait_until(lambda: set(states(manager).values()) == {State.END})
    with pytest.raises(NotFoundError, match=r"for request: Latest\(m\)"):
        served(manager)
    manager.aspire("m", {1: "one"})
    wait_until(lambda: states(manager) == {2: State.END, 1: State.AVAILABLE})


def test_a_version_that_comes_back_while_it_is_unloaded_is_loaded_again(
    manager: ModelManager, loader: Loader
) -> None:
    manager.aspire("m", {1: "one"})
    wait_until(lambda: manager.all_available(["m"]))
    with manager.handle("m"):
        manager.aspire("m", {})
        wait_until(lambda: states(manager) == {1: State.UNLOADING})
        manager.aspire("m", {1: "one"})
    wait_until(lambda: states(manager) == {1: State.AVAILABLE})
    assert loader.tries == ["one", "one"] and served(manager) == 1


def test_a_version_that_fails_to_unload_does_not_stay(
    manager: ModelManager, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.aspire("m", {1: "one"})
    wait_until(lambda: manager.all_available(["m"]))
    monkeypatch.setattr(loader.runners["one"], "close", lambda: 1 / 0)
    manager.aspire("m", {2: "two"})
    wait_until(lambda: states(manager) == {2: State.AVAILABLE, 1: State.END})


def test_a_version_that_nobody_wants_any_more_is_not_tried_again(
    loader: Loader,
) -> None:
    manager = failed_once(loader, "m", "one")
    manager.aspire("m", {2: "two"})
    wait_until(lambda: states(manager) == {2: State.AVAILABLE, 1: State.END})
    assert loader.tries == ["one", "two"]


def test_a_version_that_is_wanted_again_before_its_next_try_is_loaded(
    loader: Loader,
) -> None:
    manager = failed_once(loader, "m", "one")
    loader.failing.clear()
    manager.aspire("m", {})
    manager.aspire("m", {1: "one"})
    manager.aspire("m", {})
    wait_until(lambda: states(manager)[1] is not State.LOADING)
    manager.aspire("m", {1: "one"})
    wait_until(lambda: states(manager) == {1: State.AVAILABLE})


def test_models_do_not_wait_for_each_other(
    manager: ModelManager, loader: Loader
) -> None:
    loader.gates["slow"] = threading.Event()
    manager.aspire("slow", {1: "slow"})
    manager.aspire("m", {1: "one"})
    wait_until(lambda: manager.all_available(["m"]))
    assert not manager.all_available(["m", "slow"])
    loader.gates["slow"].set()
    wait_until(lambda: manager.all_available(["m", "slow"]))


def test_swaps_under_many_users_never_leave_anybody_without(
    manager: ModelManager, loader: Loader
) -> None:
    manager.aspire("m", {0: "0"})
    wait_until(lambda: manager.all_available(["m"]))
    failures: list[BaseException] = []
    over = threading.Event()

    def use() -> None:
        while not over.is_set():
            try:
                served(manager)
            except BaseException as err:
                failures.append(err)

    users = [threading.Thread(target=use) for _ in range(8)]
    for user in users:
        user.start()
    for number in range(1, 20):
        manager.aspire("m", {number: str(number)})
        wait_until(lambda number=number: states(manager)[number] is State.AVAILABLE)
    over.set()
    for user in users:
        user.join()
    assert failures == []
    wait_until(
        lambda: sum(not runner.closed for runner in loader.runners.values()) == 1
    )


def test_closing_tells_whether_somebody_is_left(
    manager: ModelManager, loader: Loader
) -> None:
    manager.aspire("m", {1: "one"})
    wait_until(lambda: manager.all_available(["m"]))
    with manager.handle("m"):
        assert not manager.close()
        assert not loader.runners["one"].closed
    with pytest.raises(NotFoundError):
        served(manager)


@pytest.mark.parametrize("limit", [1, 2])
def test_no_more_versions_load_or_unload_at_a_time_than_allowed(
    loader: Loader, limit: int
) -> None:
    manager = ModelManager(loader, loads_at_a_time=limit, unloads_at_a_time=limit)
    names = [f"model{number}" for number in range(5)]
    gate = threading.Event()
    loader.gates = dict.fromkeys(names, gate)
    for name in names:
        manager.aspire(name, {1: name})
    wait_until(lambda: len(loader.tries) == limit)
    time.sleep(0.05)
    assert len(loader.tries) == limit
    gate.set()
    wait_until(lambda: manager.all_available(names))
    assert sorted(loader.tries) == names

    gate.clear()
    for name in names:
        loader.runners[name].close_gate = gate
        manager.aspire(name, {})
    wait_until(lambda: sum(r.closing for r in loader.runners.values()) == limit)
    time.sleep(0.05)
    assert sum(runner.closing for runner in loader.runners.values()) == limit
    gate.set()
    wait_until(lambda: all(runner.closed for runner in loader.runners.values()))


def test_a_version_that_waits_for_its_next_try_lets_others_load(
    loader: Loader,
) -> None:
    manager = failed_once(loader, "bad", "bad", loads_at_a_time=1)
    manager.aspire("m", {1: "one"})
    wait_until(lambda: manager.all_available(["m"]))
    assert states(manager, "bad") == {1: State.LOADING}


def test_waiting_ends_with_the_version_its_failure_or_the_time(
    manager: ModelManager, loader: Loader
) -> None:
    gate = loader.gates["slow"] = threading.Event()
    manager.aspire("slow", {1: "slow"})
    with pytest.raises(DeadlineExceededError, match="not available yet: slow"):
        manager.wait_until_available(["slow"], time.monotonic() + 0.02)
    threading.Timer(0.05, gate.set).start()
    manager.wait_until_available(["slow"], time.monotonic() + 10)
    assert states(manager, "slow") == {1: State.AVAILABLE}

    loader.failing.add("bad")
    manager.aspire("bad", {7: "bad"})
    with pytest.raises(ServingError) as raised:
        manager.wait_until_available(["slow", "bad"], time.monotonic() + 10)
    assert str(raised.value) == (
        "UNKNOWN: 1 model(s) did not become available: {{{name: bad version: 7} due to"
        " error: FAILED_PRECONDITION: no variables}, }"
    )


def test_waiting_ends_with_the_server(manager: ModelManager) -> None:
    threading.Timer(0.05, manager.close).start()
    with pytest.raises(ServingError, match="the server is stopping"):
        manager.wait_until_available(["never"])
