from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.dockerfile import read_stages
from tests.deploy.manifests import ManifestError, check, render
from tests.deploy.workloads import broken_rules, image_fault

DEPLOY = Path(__file__).parents[2] / "deploy"
FOLDERS = sorted(path.parent for path in DEPLOY.rglob("kustomization.yaml"))
IDS = [folder.relative_to(DEPLOY).as_posix() for folder in FOLDERS]


@pytest.fixture(scope="module")
def serving() -> list[dict[str, Any]]:
    return render(DEPLOY / "serving/base")


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_every_folder_renders_to_what_a_cluster_takes(folder: Path) -> None:
    documents = render(folder)

    check(documents)
    # What a folder inside another one refers to may be the outer one's.
    around = [render(outer) for outer in folder.parents if outer in FOLDERS]
    assert broken_rules(sum(around, documents)) == []


def change(kind: str, way: tuple[Any, ...], value: Any) -> Callable[[Any], None]:
    def do(documents: list[dict[str, Any]]) -> None:
        (place,) = [one for one in documents if one["kind"] == kind]
        for part in way[:-1]:
            place = place[part]
        place[way[-1]] = value

    return do


POD = ("spec", "template", "spec")
CONTAINER = (*POD, "containers", 0)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (change("Deployment", ("spec", "replica"), 2), "'replica' was unexpected"),
        (change("Deployment", (*CONTAINER, "image"), 3), "3 is not of type"),
        (
            change("PodDisruptionBudget", ("apiVersion",), "policy/v1beta1"),
            "Couldn't find schema for kind PodDisruptionBudget",
        ),
    ],
    ids=["unknown field", "wrong type", "version that is gone"],
)
def test_what_a_cluster_refuses_is_refused_with_its_place(
    serving: list[dict[str, Any]], fault: Callable[[Any], None], words: str
) -> None:
    documents = copy.deepcopy(serving)
    fault(documents)

    with pytest.raises(ManifestError, match=re.escape(words)):
        check(documents)


def test_no_document_at_all_is_a_fault() -> None:
    with pytest.raises(ManifestError, match="no documents"):
        check([])


@pytest.mark.parametrize(
    ("way", "value", "words"),
    [
        (("canaryTrafficPercent",), 101, "101 is greater than the maximum of 100"),
        (("canaryTrafficPercentage",), 5, "'canaryTrafficPercentage' was unexpected"),
        (("containers", 0, "imagee"), "x", "'imagee' was unexpected"),
        (("scaleMetric",), "qps", "'qps' is not one of"),
    ],
)
def test_an_inference_service_that_kserve_refuses_is_refused(
    way: tuple[Any, ...], value: Any, words: str
) -> None:
    documents = copy.deepcopy(render(DEPLOY / "serving/kserve"))
    change("InferenceService", ("spec", "predictor", *way), value)(documents)

    with pytest.raises(ManifestError, match=re.escape(words)):
        check(documents)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            change("Deployment", (*CONTAINER, "image"), "tensorflow/serving"),
            "Deployment/carseg-serving, tensorflow-serving: tensorflow/serving has no"
            " fixed tag",
        ),
        (
            change("Deployment", (*POD, "securityContext"), {"runAsUser": 5}),
            "Deployment/carseg-serving, tensorflow-serving may run as root",
        ),
        (
            change("Deployment", (*CONTAINER, "resources", "limits"), {}),
            "Deployment/carseg-serving, tensorflow-serving has no limits of memory",
        ),
        (
            change("Deployment", (*POD, "volumes", 0, "name"), "other"),
            "Deployment/carseg-serving: volume other is only mounted or only defined",
        ),
        (
            change("PersistentVolumeClaim", ("metadata", "name"), "other"),
            "Deployment/carseg-serving: there is no claim carseg-models",
        ),
        (
            change("ConfigMap", ("metadata", "name"), "other"),
            "Deployment/carseg-serving: there is no ConfigMap carseg-serving-config-",
        ),
        (
            change("NetworkPolicy", ("spec", "podSelector", "matchLabels"), {"a": "b"}),
            "NetworkPolicy/carseg-serving selects no pod",
        ),
        (
            change("HorizontalPodAutoscaler", ("spec", "scaleTargetRef", "name"), "a"),
            "HorizontalPodAutoscaler/carseg-serving scales nothing",
        ),
        (
            change("Deployment", (*CONTAINER, "ports", 0, "name"), "other"),
            "Service/carseg-serving: no pod has port grpc",
        ),
    ],
)
def test_a_planted_breach_of_a_rule_is_found(
    serving: list[dict[str, Any]], fault: Callable[[Any], None], sentence: str
) -> None:
    documents = copy.deepcopy(serving)
    fault(documents)

    assert any(found.startswith(sentence) for found in broken_rules(documents))


@pytest.mark.parametrize(
    ("image", "fault"),
    [
        ("tensorflow/serving:2.16.1", ""),
        ("python:3.10.19-slim-bookworm", ""),
        ("python", "python has no fixed tag"),
        ("flink:latest", "flink:latest has no fixed tag"),
        ("registry.example/a:1", "registry.example/a:1 names the registry"),
        ("localhost:5000/a:1", "localhost:5000/a:1 names the registry"),
    ],
)
def test_an_image_has_a_fixed_tag_and_no_registry(image: str, fault: str) -> None:
    assert image_fault(image).startswith(fault) and bool(fault) == bool(
        image_fault(image)
    )


def test_every_base_image_has_a_fixed_tag_and_no_registry() -> None:
    files = sorted(DEPLOY.rglob("*Dockerfile"))
    stages = [stage for file in files for stage in read_stages(file.read_text())]

    assert (
        files
        and [fault for stage in stages if (fault := image_fault(stage.image))] == []
    )


def test_no_file_names_a_host_of_the_internet() -> None:
    hosts = re.compile(r"https?://|\b[\w.-]+\.(?:com|net|dev|internal|local)\b")
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    found = {
        f"{path.relative_to(DEPLOY)}: {match[0]}"
        for path in files
        for match in hosts.finditer(path.read_text("utf-8"))
    }

    # The device's resource name, which is no host.
    assert {entry for entry in found if not entry.endswith(": nvidia.com")} == set()
