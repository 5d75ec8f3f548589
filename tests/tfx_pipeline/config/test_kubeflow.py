"""What nodes get on a cluster: layered by name, refused where it is impossible."""

from __future__ import annotations

from typing import Any

import pytest

from tfx_pipeline.config.kubeflow import KubeflowConfig
from tfx_pipeline.config.overrides import assigned
from tfx_pipeline.config.pipeline_config import PipelineConfig

DEEPLAB = "candidates.further.deeplab={training: {epochs: 1}}"
SECRET = {"name": "hub", "key": "token"}


def test_the_narrower_name_wins_and_mappings_are_merged() -> None:
    config = KubeflowConfig(
        nodes={
            "*": {"retries": 2, "cpu_limit": 2, "volumes": {"/data": "photos"}},
            "Trainer": {"cpu_limit": 8, "volumes": {"/resume": "backups"}},
            "Trainer_deeplab": {"retries": 0, "volumes": {"/data": "others"}},
        }
    )

    found = {
        node: (options.retries, options.cpu_limit, dict(options.volumes))
        for node in ("Transform", "Trainer", "Trainer_deeplab", "Trainer_other")
        for options in [config.options(node)]
    }

    trainer = {"/data": "photos", "/resume": "backups"}
    assert found == {
        "Transform": (2, 2, {"/data": "photos"}),
        "Trainer": (2, 8, trainer),
        "Trainer_deeplab": (0, 8, {"/data": "others", "/resume": "backups"}),
        "Trainer_other": (2, 8, trainer),
    }


def test_set_reaches_one_field_of_one_node_and_reads_back() -> None:
    config = assigned(
        PipelineConfig(),
        [
            "kubeflow.nodes.*.retries=1",
            "kubeflow.nodes.Trainer.accelerator=nvidia.com/gpu",
            "kubeflow.nodes.Trainer.secrets.TOKEN={name: hub, key: token}",
            "kubeflow.nodes.Trainer.tolerations=[{key: gpu, operator: Exists}]",
        ],
    )

    options = config.kubeflow.options("Trainer")
    assert (options.retries, options.accelerator) == (1, "nvidia.com/gpu")
    assert options.secrets == {"TOKEN": {"name": "hub", "key": "token"}}
    assert options.tolerations == ({"key": "gpu", "operator": "Exists"},)
    assert PipelineConfig.from_dict(config.to_dict()) == config


def test_a_candidates_nodes_are_known_where_there_is_the_candidate() -> None:
    one = "kubeflow.nodes.Trainer_deeplab.retries=1"

    assert assigned(PipelineConfig(), [DEEPLAB, one]).kubeflow.options(
        "Trainer_deeplab"
    ).retries == (1)
    with pytest.raises(ValueError, match="no node named 'Trainer_deeplab'; did you"):
        assigned(PipelineConfig(), [one])


@pytest.mark.parametrize(
    ("nodes", "sentence"),
    [
        ({"Trainr": {}}, "no node named 'Trainr'; did you mean Trainer"),
        ({"Trainer": 1}, "kubeflow.nodes.Trainer must be a mapping, got 1"),
        ({"Trainer": {"cpu": 1}}, "kubeflow.nodes.Trainer named 'cpu'"),
        ({"Trainer": {"cpu_limit": 0}}, "Trainer: cpu_limit must be above 0, got 0"),
        ({"Trainer": {"memory_limit_gb": True}}, "memory_limit_gb must be float"),
        ({"*": {"timeout_s": 0}}, "timeout_s must be 1 or more, got 0"),
        ({"*": {"retry_wait_factor": 1.5}}, "retry_wait_factor must be int, got 1.5"),
        ({"*": {"accelerator": ""}}, "accelerator must be a resource's name"),
        ({"*": {"env": {"A": 1}}}, r"env.A must be a text \(in quotes"),
        ({"*": {"env": {"A-B": "1"}}}, "a variable must be letters, digits and _"),
        ({"*": {"secrets": {"A": {"name": "s"}}}}, "secrets.A must be {name: of the"),
        ({"*": {"secrets": {"A": {"name": "S", "key": "k"}}}}, "A.name must be a name"),
        ({"*": {"volumes": {"data": "claim"}}}, "must be an absolute path below /"),
        ({"*": {"volumes": {"/data": "My_Claim"}}}, "volumes./data must be a name of"),
        ({"*": {"tolerations": [{"operator": "Is"}]}}, "one of Exists, Equal"),
        ({"*": {"tolerations": [{"ky": "a"}]}}, "field of tolerations must be one of"),
        ({"*": {"image_pull_secrets": ["A B"]}}, "image_pull_secrets must be a name"),
        (
            {"Trainer": {"env": {"A": "1"}, "secrets": {"A": SECRET}}},
            "nodes.Trainer: a variable must be in env or in secrets, got both for 'A'",
        ),
        (
            {"*": {"env": {"A": "1"}}, "Trainer": {"secrets": {"A": SECRET}}},
            "nodes.Trainer: a variable must be in env or in secrets, got both for 'A'",
        ),
        (
            {"Trainer": {"accelerator_count": 2}},
            r"nodes\.Trainer\.accelerator_count must be for a node with an accelerator,"
            " got 2; add accelerator: nvidia.com/gpu",
        ),
        (
            {"*": {"accelerator_count": 2}},
            r"nodes\.\*\.accelerator_count must be for a node with an accelerator",
        ),
        (
            {"*": {"cpu_request": 4}, "Trainer": {"cpu_limit": 2}},
            "Trainer: cpu_request must be cpu_limit or less, got 4",
        ),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_what_cannot_be_is_refused(nodes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        PipelineConfig.from_dict({"kubeflow": {"nodes": nodes}})


@pytest.mark.parametrize("kind", [{"*": 2}, {"Trainer_deeplab": 2}], ids=["*", "one"])
def test_accelerators_may_be_counted_where_another_name_has_them(
    kind: dict[str, int],
) -> None:
    nodes: dict[str, Any] = {"Trainer": {"accelerator": "nvidia.com/gpu"}}
    nodes |= {name: {"accelerator_count": count} for name, count in kind.items()}

    config = assigned(
        PipelineConfig.from_dict({"candidates": {"further": {"deeplab": {}}}}),
        [f"kubeflow.nodes={nodes}"],
    )

    options = config.kubeflow.options("Trainer_deeplab")
    assert (options.accelerator, options.accelerator_count) == ("nvidia.com/gpu", 2)


def test_a_relative_folder_for_backups_is_refused() -> None:
    with pytest.raises(ValueError, match="resume_directory must be an absolute path"):
        KubeflowConfig(resume_directory="backups")
