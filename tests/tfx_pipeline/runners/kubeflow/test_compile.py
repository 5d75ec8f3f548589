"""Every preset as Kubeflow's own SDK reads it, and what TFX's compiler would leave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from kfp.client.client import _extract_pipeline_yaml
from kfp.components import load_component_from_file
from tfx.orchestration.kubeflow.v2.kubeflow_v2_dag_runner import KubeflowV2DagRunner

from tests.tfds_builders.coco_cars.drawn_coco import draw_dsmlr
from tfx_pipeline.config.kubeflow import CANDIDATE_NODES, SHARED_NODES
from tfx_pipeline.config.overrides import assigned
from tfx_pipeline.config.presets import PRESETS, preset
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.kubeflow.compile import compile_package
from tfx_pipeline.runners.kubeflow.ir_repairs import kubeflow_name
from tfx_pipeline.runners.kubeflow.package import Package, write_package
from tfx_pipeline.runners.kubeflow.target import Target

ROOT = "s3://models/carseg"
IMAGE = "registry.example/carseg:1"
TAXONOMY = """
task: objects
licence: proprietary
commercial: yes
classes:
  - {id: 0, name: background, rgb: [0, 0, 0]}
  - {id: 1, name: car, rgb: [255, 255, 255], values: [255]}
"""
EVERYTHING = [
    "candidates.further.deep_lab={training: {epochs: 1}}",
    "training.base_model=s3://models/base",
    "push.approval=nobody_has_signed.yaml",
    "kubeflow.nodes.*.volumes./mnt=claim",
    "kubeflow.nodes.*.retries=2",
    "kubeflow.nodes.Trainer.timeout_s=60",
    "kubeflow.nodes.Trainer_deep_lab.cpu_limit=8",
    "kubeflow.nodes.Transform.cache=false",
]


@pytest.fixture(scope="module")
def described_by(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Returns folders for the presets whose data names its classes."""
    objects, parts = (tmp_path_factory.mktemp(name) for name in ("objects", "parts"))
    (objects / "taxonomy.yaml").write_text(TAXONOMY)
    draw_dsmlr(parts)
    return {"production": str(objects), "car_parts": str(parts)}


@pytest.fixture(scope="module")
def everything() -> Package:
    """Returns a pipeline with all the nodes that there can be."""
    config = assigned(preset("smoke"), EVERYTHING)
    return compile_package(config, Target(image=IMAGE, pipeline_root=ROOT))


def _tasks(package: Package) -> dict[str, Any]:
    tasks: dict[str, Any] = package.spec["root"]["dag"]["tasks"]
    return tasks


def _container(package: Package, node: str) -> dict[str, Any]:
    label = package.spec["components"][node]["executorLabel"]
    container: dict[str, Any] = package.spec["deploymentSpec"]["executors"][label][
        "container"
    ]
    return container


@pytest.mark.parametrize("name", PRESETS)
def test_kfps_loaders_read_every_preset(
    name: str, described_by: dict[str, str], tmp_path: Path
) -> None:
    target = Target(
        image=IMAGE, pipeline_root=ROOT, described_by=described_by.get(name)
    )
    package = compile_package(preset(name), target)
    path = tmp_path / "pipeline.yaml"
    write_package(package, path)

    component = load_component_from_file(str(path))
    spec = _extract_pipeline_yaml(str(path)).pipeline_spec

    assert component.name == "carseg"
    inputs = component.component_spec.inputs
    data = preset(name).data
    dataset = f"{data.builder}/{data.config}" if data.config else data.builder
    defaults = {key: entry.default for key, entry in inputs.items()}
    assert defaults == {"data_path": "", "dataset": dataset, "steps": 0}
    assert spec.schema_version == "2.1.0"
    assert spec.default_pipeline_root == ROOT
    assert set(spec.root.dag.tasks) == set(SHARED_NODES) | (
        set(CANDIDATE_NODES) - {"BaseModel", "ModelApproval"}
    )
    assert package.platform is None
    for node in package.nodes:
        container = _container(package, node)
        assert container["image"] == IMAGE
        assert container["command"] == [
            *("python", "-m", "tfx_pipeline.runners.kubeflow.run_node")
        ]


def test_a_preset_whose_data_names_its_classes_says_what_to_give() -> None:
    with pytest.raises(UsageError, match=r"give --manual-dir DIR; .* --described-by"):
        compile_package(preset("production"), Target(image=IMAGE, pipeline_root=ROOT))


def test_every_node_that_there_can_be_has_its_options(everything: Package) -> None:
    ids = {
        f"{node}_{name}" if name else node
        for node in CANDIDATE_NODES
        for name in ("", "deep_lab")
    }

    assert set(everything.nodes) == {
        kubeflow_name(node) for node in (*SHARED_NODES, *ids)
    }
    assert _container(everything, "Trainer")["command"][:3] == [
        *("timeout", "--kill-after=60", "60")
    ]
    resources = [
        _container(everything, node).get("resources")
        for node in ("Trainer", "Trainer-deep-lab")
    ]
    assert resources == [None, {"cpuLimit": 8.0}]
    assert everything.platform is not None
    kubernetes = everything.platform["platforms"]["kubernetes"]["deploymentSpec"]
    importers = {"BaseModel-executor", "BaseModel-deep-lab-executor"}
    labels = {
        component["executorLabel"]
        for component in everything.spec["components"].values()
    }
    assert set(kubernetes["executors"]) == labels - importers


def test_all_that_is_named_is_there(everything: Package) -> None:
    """Walks every reference as Kubeflow's compiler for Argo does."""
    tasks, components = _tasks(everything), everything.spec["components"]
    for name, task in tasks.items():
        assert task["taskInfo"]["name"] == task["componentRef"]["name"] == name
        component = components[name]
        inputs = task.get("inputs", {})
        definitions = component.get("inputDefinitions", {})
        for kind in ("artifacts", "parameters"):
            assert set(inputs.get(kind, {})) <= set(definitions.get(kind, {}))
        sources = [*inputs.get("artifacts", {}).values()]
        sources += inputs.get("parameters", {}).values()
        for source in sources:
            for kind, key in (("Artifact", "artifacts"), ("Parameter", "parameters")):
                output = source.get(f"taskOutput{kind}")
                if output:
                    made = components[output["producerTask"]]["outputDefinitions"]
                    assert output[f"output{kind}Key"] in made[key]
            if "componentInputParameter" in source:
                assert source["componentInputParameter"] in everything.parameters
        for dependency in task.get("dependentTasks", []):
            assert dependency in tasks


def test_what_looks_outside_is_never_cached(everything: Package) -> None:
    cached = {
        name
        for name, task in _tasks(everything).items()
        if task["cachingOptions"].get("enableCache")
    }

    assert set(everything.nodes) - cached == {
        *("SourceFingerprint", "ModelPusher", "ModelPusher-deep-lab", "Transform")
    }


def test_nodes_behind_the_audit_hang_on_its_blessing(everything: Package) -> None:
    conditions = {
        name: task.get("triggerPolicy", {}).get("condition")
        for name, task in _tasks(everything).items()
    }

    free = {name for name, condition in conditions.items() if condition is None}
    assert free == {*SHARED_NODES[:-1], "BaseModel", "BaseModel-deep-lab"}
    for name in set(conditions) - free:
        key = conditions[name].split("'")[1]
        assert conditions[name] == (
            f"(inputs.artifacts['{key}'].artifacts[0].metadata['blessed'] == 1.0)"
        )
        source = _tasks(everything)[name]["inputs"]["artifacts"][key]
        assert source["taskOutputArtifact"] == {
            "producerTask": "DatasetAuditor",
            "outputArtifactKey": "audit",
        }


def test_containers_are_told_their_types(everything: Package) -> None:
    args = _container(everything, "DatasetAuditor")["args"]
    told = {
        name: json.loads(args[args.index(f"--json_serialized_{side}_spec_args") + 1])
        for name, side in (("in", "inputs"), ("out", "outputs"))
    }

    titles = {
        f"{side}:{key}": yaml.safe_load(entry["artifactType"]["instanceSchema"])[
            "title"
        ]
        for side, definition in told.items()
        for key, entry in definition["artifacts"].items()
    }
    assert titles == {
        "in:anomalies": "tfx.ExampleAnomalies",
        "in:examples": "tfx.Examples",
        "in:skipped": "components.SkippedSources",
        "out:audit": "components.DatasetAudit",
    }
    assert args[args.index("--json_serialized_invocation_args") + 1] == "{{$}}"


def test_without_the_repairs_tfx_leaves_these_faults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fails when TFX has mended one, so that its repair can go."""
    jobs: list[dict[str, Any]] = []
    run = KubeflowV2DagRunner.run

    def kept(*args: Any, **kwargs: Any) -> dict[str, Any]:
        jobs.append(run(*args, **kwargs))
        return jobs[-1]

    monkeypatch.setattr(KubeflowV2DagRunner, "run", kept)
    target = Target(image=IMAGE, pipeline_root=ROOT)
    config = assigned(preset("smoke"), EVERYTHING[:1])

    first, second = (compile_package(config, target) for _ in range(2))

    assert first.text() == second.text()
    spec = jobs[0]["pipelineSpec"]
    tasks = spec["root"]["dag"]["tasks"]
    assert "Trainer_deep_lab" in tasks
    source = tasks["TfdsExampleGen"]["inputs"]["parameters"]["content_fingerprint"]
    assert source["taskOutputParameter"]["producerTask"] == "SourceFingerprint_task"
    steps = spec["root"]["inputDefinitions"]["parameters"]["steps"]
    assert steps == {"parameterType": "NUMBER_INTEGER"}
    assert "defaultPipelineRoot" not in spec
    outputs = spec["components"]["Trainer"]["outputDefinitions"]["artifacts"]
    assert list(outputs["model"]["artifactType"]) == ["instanceSchema"]


@pytest.mark.parametrize(
    ("overrides", "switch"),
    [
        ((), "1"),
        (("kubeflow.nodes.Trainer.env.TF_ENABLE_ONEDNN_OPTS='0'",), "0"),
        (("training.deterministic_ops=true",), None),
    ],
    ids=["as carseg run", "said otherwise", "same bits"],
)
def test_containers_train_on_the_kernels_of_carseg_run(
    overrides: tuple[str, ...], switch: str | None
) -> None:
    config = assigned(preset("smoke"), list(overrides))

    package = compile_package(config, Target(image=IMAGE, pipeline_root=ROOT))

    environment = {
        entry["name"]: entry["value"]
        for entry in _container(package, "Trainer").get("env", [])
    }
    assert environment.get("TF_ENABLE_ONEDNN_OPTS") == switch
