from __future__ import annotations

from pathlib import Path

import pytest

from serving.server.errors import FailedPreconditionError, InvalidArgumentError
from serving.server.settings.model_config import models_of
from tests.serving.server.models.fake_loader import Loader, wait_until
from tests.serving.server.models.served import Served, config
from tests.serving.server.models.version_folders import (
    add_version,
    entry,
    running_catalog,
)


def labelled(tmp_path: Path, label: str, number: int) -> str:
    words = f'version_labels {{ key: "{label}" value: {number} }}'
    return entry("a", tmp_path / "a", words)


def test_labels_follow_the_configuration_and_need_a_version_that_answers(
    served: Served, tmp_path: Path
) -> None:
    labels = served.catalog.labels
    served.catalog.replace(config(labelled(tmp_path, "stable", 1)))
    assert labels.version("a", "stable") == 1
    with pytest.raises(FailedPreconditionError) as raised:
        served.catalog.replace(config(labelled(tmp_path, "stable", 2)))
    assert raised.value.message == (
        "Request to assign label to version 2 of model a, which is not currently"
        " available for inference"
    )
    assert labels.version("a", "stable") == 1
    add_version(tmp_path / "a", 2)
    wait_until(lambda: served.answering() == {"a": {2}})
    served.catalog.replace(config(labelled(tmp_path, "canary", 2)))
    assert labels.version("a", "canary") == 2
    with pytest.raises(InvalidArgumentError):
        labels.version("a", "stable")


@pytest.mark.parametrize("allow_labels", [True], indirect=True, ids=["any label"])
def test_the_flag_lets_new_labels_precede_their_versions_but_moves_none(
    served: Served, tmp_path: Path
) -> None:
    served.catalog.replace(config(labelled(tmp_path, "next", 7)))
    assert served.catalog.labels.version("a", "next") == 7
    with pytest.raises(FailedPreconditionError, match="assign label to version 8"):
        served.catalog.replace(config(labelled(tmp_path, "next", 8)))
    assert served.catalog.labels.version("a", "next") == 7


@pytest.mark.parametrize("allow", [False, True], ids=["by default", "with the flag"])
def test_labels_at_the_first_start_need_the_flag(
    loader: Loader, tmp_path: Path, allow: bool
) -> None:
    add_version(tmp_path / "a", 1)
    models = models_of(config(labelled(tmp_path, "stable", 1)))
    with running_catalog(loader, allow_labels=allow) as (catalog, manager):
        if not allow:
            with pytest.raises(FailedPreconditionError, match="label to version 1 of"):
                catalog.start(models)
            return
        catalog.start(models)
        assert catalog.labels.version("a", "stable") == 1
        wait_until(lambda: manager.all_available(["a"]))
