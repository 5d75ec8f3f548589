from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.tfx_pipeline.runners.kubeflow.small_spec import small_spec
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.kubeflow.package import (
    Package,
    check_package_path,
    read_package,
    write_package,
)

PLATFORM = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {}}}}}


def test_a_package_reads_back(tmp_path: Path) -> None:
    one = Package(spec=small_spec())
    both = Package(spec=small_spec(), platform=PLATFORM)

    for name, package in (("one.yaml", one), ("both.yml", both)):
        write_package(package, tmp_path / name)
        assert read_package(tmp_path / name) == package

    assert sorted(path.name for path in tmp_path.iterdir()) == ["both.yml", "one.yaml"]
    assert (tmp_path / "one.yaml").stat().st_mode & 0o777 == 0o644
    documents = list(yaml.safe_load_all((tmp_path / "both.yml").read_text()))
    assert documents == [small_spec(), PLATFORM]


def test_a_package_tells_what_is_in_it() -> None:
    package = Package(spec={**small_spec(), "defaultPipelineRoot": "s3://b"})

    assert (package.name, package.pipeline_root) == ("small", "s3://b")
    assert package.nodes == ["Base", "Look", "Train_deep_lab"]
    assert package.parameters == {"steps": {"parameterType": "NUMBER_INTEGER"}}


def test_the_order_of_fields_and_repeated_values_change_no_byte() -> None:
    spec = small_spec()
    other = dict(reversed(spec.items()))
    task = other["root"]["dag"]["tasks"]["Look"]
    other["root"] = {"dag": {"tasks": {"A": task, "B": task}}}
    spec["root"] = {"dag": {"tasks": {"B": {**task}, "A": {**task}}}}

    assert Package(spec=spec).text() == Package(spec=other).text()
    assert "&id" not in Package(spec=other).text()


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text("before")

    with pytest.raises(yaml.YAMLError):
        write_package(Package(spec={**small_spec(), "bad": object()}), path)

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


BY_HAND = "pipelineInfo: {name: a}\nroot: {dag: {tasks: %s}}\n"
TASK = "{A: {componentRef: {name: A}}}"
COMPONENT = "components: {A: {executorLabel: A}}\n"


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "a: [", "1", "a: 1", "pipelineInfo: {}"),
        *(BY_HAND % "{}", BY_HAND % "[]", BY_HAND % "{A: {}}", BY_HAND % TASK),
        BY_HAND % TASK + COMPONENT,
        BY_HAND % TASK + COMPONENT + "deploymentSpec: {executors: {}}",
    ],
)
def test_what_is_no_package_is_refused(text: str | None, tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    if text is not None:
        path.write_text(text)

    with pytest.raises(UsageError, match=r"cannot read|compile it again"):
        read_package(path)


@pytest.mark.parametrize("name", ["a.json", "a", "none/a.yaml", "folder.yaml"])
def test_a_path_that_cannot_be_written_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()

    with pytest.raises(UsageError, match="the file of a pipeline must"):
        check_package_path(tmp_path / name)
