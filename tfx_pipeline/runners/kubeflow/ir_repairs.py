"""What TFX's compiler writes that open-source Kubeflow Pipelines v2 cannot run.

Each function is one fault and its repair, on the pipeline spec (schema 2.1.0) as nested
dicts. Seen in TFX 1.16.0 (`tfx/orchestration/kubeflow/v2`) and in the Go sources of
Kubeflow Pipelines (`backend/src/v2`, versions of 2023 to 2026, with and without ML
Metadata). What no repair can mend, resolvers and importers behind a condition, is not
among the nodes of the pipeline, and `check_spec` refuses it.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

Spec = dict[str, Any]
_INPUTS_ARGUMENT = "--json_serialized_inputs_spec_args"
OUTPUTS_ARGUMENT = "--json_serialized_outputs_spec_args"
_PRODUCER_SUFFIX = "_task"
_NOT_IN_A_NAME = re.compile(r"[^-a-zA-Z0-9]")
# Kubeflow's own types that its web page knows to show; the rest is an Artifact.
_KNOWN_TYPES = {
    "tfx.Examples": "system.Dataset",
    "tfx.Model": "system.Model",
    "tfx.PushedModel": "system.Model",
}
_TYPE_VERSION = "0.0.1"


def repaired(
    spec: Spec, *, pipeline_root: str, defaults: Mapping[str, str | int]
) -> Spec:
    """Returns a pipeline spec that Kubeflow runs.

    Args:
        spec: What `KubeflowV2DagRunner` has made; left as it is.
        pipeline_root: URI below which artifacts are kept.
        defaults: Runtime parameter to its default value.
    """
    spec = copy.deepcopy(spec)
    keep_types_of_outputs(spec)
    name_types_of_kubeflow(spec)
    name_producers(spec)
    name_tasks(spec)
    give_defaults(spec, defaults)
    give_root(spec, pipeline_root)
    return spec


def keep_types_of_outputs(spec: Spec) -> None:
    """Hands the outputs' types to the container, as TFX does with the inputs'.

    TFX finds an artifact's class by its type in the message that the driver makes.
    Drivers with ML Metadata lose the types of inputs (`metadata/client.go`,
    `ToRuntimeArtifact`; tensorflow/tfx issue 7768), later ones give Kubeflow's own, and
    the next repair takes TFX's out of the spec. So the container gets them by argument:
    those of inputs are in `--json_serialized_inputs_spec_args` already.
    """
    executors = spec["deploymentSpec"]["executors"]
    for component in spec["components"].values():
        container = executors[component["executorLabel"]].get("container")
        if container is not None:
            outputs = component.get("outputDefinitions", {})
            text = json.dumps(outputs, indent=2, sort_keys=True)
            args = container["args"]
            place = args.index(_INPUTS_ARGUMENT) + 2
            new = [OUTPUTS_ARGUMENT, text]
            container["args"] = [*args[:place], *new, *args[place:]]


def name_types_of_kubeflow(spec: Spec) -> None:
    """Replaces TFX's artifact types with Kubeflow's own.

    TFX writes an `instanceSchema`. Launchers without ML Metadata know eight titles and
    fail on anything else ("unknown artifact type": `component/importer_launcher.go`,
    `inferArtifactType`, called for every output).
    """
    for component in spec["components"].values():
        for side in ("inputDefinitions", "outputDefinitions"):
            for artifact in component.get(side, {}).get("artifacts", {}).values():
                artifact["artifactType"] = _type_of_kubeflow(artifact["artifactType"])
    for executor in spec["deploymentSpec"]["executors"].values():
        if "importer" in executor:
            importer = executor["importer"]
            importer["typeSchema"] = _type_of_kubeflow(importer["typeSchema"])


def _type_of_kubeflow(schema: Spec) -> Spec:
    title = _KNOWN_TYPES.get(_title(schema), "system.Artifact")
    return {"schemaTitle": title, "schemaVersion": _TYPE_VERSION}


def name_producers(spec: Spec) -> None:
    """Corrects which task a parameter comes from.

    TFX writes `<id>_task` for an execution property that is another node's output
    (`step_builder.py`), but names the task `<id>`. Kubeflow refuses the pipeline:
    "unknown producer task" (`argocompiler/dag.go`, `addImplicitDependencies`).
    """
    tasks = _tasks(spec)
    for task in tasks.values():
        for source in task.get("inputs", {}).get("parameters", {}).values():
            output = source.get("taskOutputParameter")
            if output and output["producerTask"] not in tasks:
                name = output["producerTask"].removesuffix(_PRODUCER_SUFFIX)
                output["producerTask"] = name


def name_tasks(spec: Spec) -> None:
    """Writes `Trainer_deeplab` as `Trainer-deeplab`, wherever a node is named.

    The name of a task becomes one of Argo, which allows letters, digits and `-`
    (argo-workflows `validate.go`, `workflowFieldNameFmt`), and Kubeflow changes nothing
    in it (`argo.go`, `templateName`).
    """
    tasks = _tasks(spec)
    for task in tasks.values():
        task["taskInfo"]["name"] = kubeflow_name(task["taskInfo"]["name"])
        task["componentRef"]["name"] = kubeflow_name(task["componentRef"]["name"])
        if "dependentTasks" in task:
            task["dependentTasks"] = sorted(map(kubeflow_name, task["dependentTasks"]))
        for output in _task_outputs(task):
            output["producerTask"] = kubeflow_name(output["producerTask"])
    for component in spec["components"].values():
        component["executorLabel"] = kubeflow_name(component["executorLabel"])
    executors = spec["deploymentSpec"]["executors"]
    spec["root"]["dag"]["tasks"] = _named(tasks)
    spec["components"] = _named(spec["components"])
    spec["deploymentSpec"]["executors"] = _named(executors)


def give_defaults(spec: Spec, defaults: Mapping[str, str | int]) -> None:
    """Writes the default values of runtime parameters.

    TFX leaves them out (`compiler_utils.py`, `build_parameter_type_spec`), and Kubeflow
    refuses a run that does not give each of them (`template/v2_template.go`).
    """
    definitions = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    for name, definition in definitions.items():
        definition["defaultValue"] = defaults[name]


def give_root(spec: Spec, pipeline_root: str) -> None:
    """Writes the pipeline root into the spec.

    TFX has it in the envelope of Vertex AI only (`runtimeConfig.gcsOutputDirectory`).
    Kubeflow's web page and Vertex AI's client take `defaultPipelineRoot`;
    `carseg submit-run` reads it and hands it to the API, which does not look for it.
    """
    spec["defaultPipelineRoot"] = pipeline_root


def kubeflow_name(node_id: str) -> str:
    """Returns a node's name in Kubeflow.

    Example:
        >>> kubeflow_name("Trainer_deeplab")
        'Trainer-deeplab'
    """
    return _NOT_IN_A_NAME.sub("-", node_id)


def _named(entries: Mapping[str, Any]) -> Spec:
    named = {kubeflow_name(name): entry for name, entry in entries.items()}
    assert len(named) == len(entries), "candidates' names have no '-'"
    return named


def _tasks(spec: Spec) -> Spec:
    tasks: Spec = spec["root"]["dag"]["tasks"]
    return tasks


def _task_outputs(task: Spec) -> Iterator[Spec]:
    inputs = task.get("inputs", {})
    for source in inputs.get("artifacts", {}).values():
        yield source["taskOutputArtifact"]
    for source in inputs.get("parameters", {}).values():
        if "taskOutputParameter" in source:
            yield source["taskOutputParameter"]


def _title(schema: Spec) -> str:
    return str(yaml.safe_load(schema["instanceSchema"])["title"])
