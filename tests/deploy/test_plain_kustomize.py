"""The renderer for machines without kubectl agrees with kubectl's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.manifests import has_kubectl, render_with_kubectl
from tests.deploy.merging import apply_json_patch, merged
from tests.deploy.plain_kustomize import UnknownFieldError, render_plainly
from tests.deploy.test_manifests import FOLDERS, IDS

needs_kubectl = pytest.mark.skipif(
    not has_kubectl(),
    reason="no kubectl on PATH: plain_kustomize is not compared with kustomize",
)

DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [
                    {
                        "name": "first",
                        "image": "one:1",
                        "args": ["a", "b"],
                        "env": [{"name": "A", "value": "1"}],
                        "envFrom": [{"configMapRef": {"name": "texts"}}],
                        "ports": [{"containerPort": 1}],
                        "volumeMounts": [{"name": "texts", "mountPath": "/t"}],
                    },
                    {"name": "second", "image": "two:1"},
                ],
                "volumes": [
                    {"name": "texts", "configMap": {"name": "texts"}},
                    {"name": "old", "emptyDir": {}},
                ],
            },
        },
    },
}
BUDGET = {
    "apiVersion": "policy/v1",
    "kind": "PodDisruptionBudget",
    "metadata": {"name": "web"},
    "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "web"}}},
}
PATCH = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "template": {
            "spec": {
                "containers": [
                    {
                        "name": "first",
                        "args": ["z"],
                        "env": [{"name": "B", "value": "2"}],
                        "ports": [{"containerPort": 5}],
                        "volumeMounts": [{"name": "more", "mountPath": "/m"}],
                    }
                ],
                "volumes": [
                    {"name": "more", "configMap": {"name": "more"}},
                    {"name": "old", "$patch": "delete"},
                ],
            }
        }
    },
}
BASE = {
    "resources": ["web.yaml"],
    "labels": [{"pairs": {"part-of": "all"}, "includeTemplates": True}],
    "configMapGenerator": [{"name": "texts", "files": ["a.txt", "other=a.txt"]}],
}
OVER = {
    "resources": ["../base"],
    "namespace": "cars",
    "images": [{"name": "two", "newName": "three", "newTag": "9"}],
    "configMapGenerator": [{"name": "more", "literals": ["k=v=w"]}],
    "patches": [
        {"path": "patch.yaml"},
        {
            "target": {"kind": "PodDisruptionBudget"},
            "patch": "- op: replace\n  path: /spec/maxUnavailable\n  value: 2\n",
        },
    ],
}


def write_folders(root: Path) -> Path:
    for name in ("base", "over"):
        (root / name).mkdir()
    texts = [yaml.safe_dump(one) for one in (DEPLOYMENT, BUDGET)]
    (root / "base/web.yaml").write_text("---\n".join(texts))
    (root / "base/a.txt").write_text('"<x & y>" é\n')
    (root / "base/kustomization.yaml").write_text(yaml.safe_dump(BASE))
    (root / "over/patch.yaml").write_text(yaml.safe_dump(PATCH))
    (root / "over/kustomization.yaml").write_text(yaml.safe_dump(OVER))
    return root / "over"


@needs_kubectl
@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_both_renderers_agree_on_our_folders(folder: Path) -> None:
    assert render_plainly(folder) == render_with_kubectl(folder)


@needs_kubectl
def test_both_renderers_agree_on_all_that_a_folder_may_hold(tmp_path: Path) -> None:
    folder = write_folders(tmp_path)

    assert render_plainly(folder) == render_with_kubectl(folder)
    assert render_plainly(tmp_path / "base") == render_with_kubectl(tmp_path / "base")


def test_an_overlay_is_rendered_as_worked_out_by_hand(tmp_path: Path) -> None:
    config, more, deployment, budget = _by_name(render_plainly(write_folders(tmp_path)))
    pod = deployment["spec"]["template"]["spec"]
    first, second = pod["containers"]

    # The hash of {"k": "v=w"}, as kubectl 1.32 printed it.
    assert more["metadata"] == {"name": "more-79h2489c8g", "namespace": "cars"}
    assert list(config["data"]) == ["a.txt", "other"]
    assert first["args"] == ["z"]
    assert [one["name"] for one in first["env"]] == ["B", "A"]
    assert first["envFrom"][0]["configMapRef"] == {"name": config["metadata"]["name"]}
    assert [one["name"] for one in pod["volumes"]] == ["more", "texts"]
    assert pod["volumes"][0]["configMap"]["name"] == "more-79h2489c8g"
    assert second["image"] == "three:9" and first["image"] == "one:1"
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert labels == {"app": "web", "part-of": "all"}
    assert deployment["spec"]["selector"]["matchLabels"] == {"app": "web"}
    assert budget["spec"]["maxUnavailable"] == 2


def _by_name(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    more, texts, deployment, budget = documents
    return [texts, more, deployment, budget]


@pytest.mark.parametrize(
    ("field", "value"), [("namePrefix", "a-"), ("commonLabels", {"a": "b"})]
)
def test_what_the_renderer_does_not_know_is_refused(
    tmp_path: Path, field: str, value: Any
) -> None:
    folder = write_folders(tmp_path)
    text = yaml.safe_dump(OVER | {field: value})
    (folder / "kustomization.yaml").write_text(text)

    with pytest.raises(UnknownFieldError, match=f"got {field} in "):
        render_plainly(folder)


def test_a_patch_of_nothing_is_refused(tmp_path: Path) -> None:
    folder = write_folders(tmp_path)
    target = {"target": {"kind": "Job"}, "patch": "[]"}
    text = yaml.safe_dump(OVER | {"patches": [target]})
    (folder / "kustomization.yaml").write_text(text)

    with pytest.raises(UnknownFieldError, match="no document is "):
        render_plainly(folder)


def test_lists_of_custom_kinds_are_replaced_whole() -> None:
    old, patch = {"env": [{"name": "A", "value": "1"}]}, {"env": [{"name": "B"}]}

    assert merged(old, patch, by_key=False) == patch
    assert [one["name"] for one in merged(old, patch, by_key=True)["env"]] == ["B", "A"]


def test_a_null_of_a_patch_removes_the_field() -> None:
    assert merged({"a": 1, "b": {"c": 2}}, {"b": {"c": None}}, by_key=True) == {
        "a": 1,
        "b": {},
    }


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        ({"op": "add", "path": "/l/-", "value": 3}, {"l": [1, 2, 3], "a/b": 0}),
        ({"op": "add", "path": "/l/0", "value": 3}, {"l": [3, 1, 2], "a/b": 0}),
        ({"op": "replace", "path": "/a~1b", "value": 5}, {"l": [1, 2], "a/b": 5}),
        ({"op": "remove", "path": "/l/1"}, {"l": [1], "a/b": 0}),
    ],
)
def test_a_json_patch_does_what_rfc_6902_says(
    operation: dict[str, Any], result: dict[str, Any]
) -> None:
    assert apply_json_patch({"l": [1, 2], "a/b": 0}, [operation]) == result


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/missing", "value": 1},
        {"op": "test", "path": "/a", "value": 2},
        {"op": "move", "path": "/a", "from": "/b"},
    ],
)
def test_a_json_patch_that_does_not_fit_is_refused(operation: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        apply_json_patch({"a": 1}, [operation])
