from __future__ import annotations

import pytest

from serving.server.errors import FailedPreconditionError, InvalidArgumentError
from serving.server.models.version_labels import VersionLabels

AVAILABLE = {"a": {1, 2}, "b": {7}}


@pytest.fixture
def labels() -> VersionLabels:
    labels = VersionLabels()
    labels.replace({"a": {"stable": 1, "canary": 2}})
    return labels


def test_a_label_belongs_to_its_model(labels: VersionLabels) -> None:
    assert (labels.version("a", "stable"), labels.version("a", "canary")) == (1, 2)
    for name, label in [("a", "other"), ("b", "stable"), ("a", "")]:
        with pytest.raises(InvalidArgumentError) as raised:
            labels.version(name, label)
        assert raised.value.message == f"Unrecognized servable version label: {label}"


def test_new_labels_take_the_place_of_all(labels: VersionLabels) -> None:
    labels.replace({"b": {"stable": 7}})
    assert labels.version("b", "stable") == 7
    with pytest.raises(InvalidArgumentError):
        labels.version("a", "stable")


@pytest.mark.parametrize(
    ("name", "label", "number", "refused"),
    [
        ("a", "stable", 1, ()),
        ("a", "stable", 2, ()),
        ("a", "new", 2, ()),
        ("a", "new", 9, (False,)),
        ("a", "stable", 9, (False, True)),
        ("c", "new", 1, (False,)),
    ],
    ids=[
        "as before",
        "another that answers",
        "new",
        "new, of what is not there",
        "moved to what is not there",
        "of a model that is not there",
    ],
)
def test_a_label_needs_a_version_that_answers(
    labels: VersionLabels,
    name: str,
    label: str,
    number: int,
    refused: tuple[bool, ...],
) -> None:
    wanted = {name: {label: number}}
    for allow in (False, True):
        if allow not in refused:
            labels.check(wanted, AVAILABLE, allow_unavailable=allow)
            continue
        with pytest.raises(FailedPreconditionError) as raised:
            labels.check(wanted, AVAILABLE, allow_unavailable=allow)
        assert raised.value.message == (
            f"Request to assign label to version {number} of model {name}, which is not"
            " currently available for inference"
        )


def test_a_label_stays_with_a_version_that_is_gone_only_with_the_flag(
    labels: VersionLabels,
) -> None:
    same = {"a": {"stable": 1}}
    labels.check(same, {"a": {2}}, allow_unavailable=True)
    with pytest.raises(FailedPreconditionError):
        labels.check(same, {"a": {2}}, allow_unavailable=False)
