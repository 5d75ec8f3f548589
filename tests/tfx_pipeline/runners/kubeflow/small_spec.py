"""A pipeline spec of three nodes, with the faults that TFX's compiler leaves."""

from __future__ import annotations

from typing import Any

CONDITION = "(inputs.artifacts['_Look.audit'].artifacts[0].metadata['blessed'] == 1.0)"


def small_spec() -> dict[str, Any]:
    """Returns Look -> Train_deep_lab, whose parameter is Look's output, and Base."""
    return {
        "schemaVersion": "2.1.0",
        "pipelineInfo": {"name": "small"},
        "components": {
            "Look": {
                "executorLabel": "Look_executor",
                "outputDefinitions": {
                    "artifacts": {
                        "audit": _artifact("components.DatasetAudit"),
                        "examples": _artifact("tfx.Examples"),
                        "text": _artifact("tfx.String"),
                    },
                    "parameters": {"text": {"parameterType": "STRING"}},
                },
            },
            "Train_deep_lab": {
                "executorLabel": "Train_deep_lab_executor",
                "inputDefinitions": {
                    "artifacts": {
                        "_Look.audit": _artifact("components.DatasetAudit"),
                        "base": _artifact("tfx.Model"),
                    },
                    "parameters": {
                        "text": {"parameterType": "STRING"},
                        "steps": {"parameterType": "NUMBER_INTEGER"},
                        "name": {"parameterType": "STRING"},
                    },
                },
                "outputDefinitions": {"artifacts": {"model": _artifact("tfx.Model")}},
            },
            "Base": {
                "executorLabel": "Base_executor",
                "outputDefinitions": {"artifacts": {"result": _artifact("tfx.Model")}},
            },
        },
        "deploymentSpec": {
            "executors": {
                "Look_executor": _container("{}"),
                "Train_deep_lab_executor": _container('{"artifacts": {}}'),
                "Base_executor": {
                    "importer": {
                        "artifactUri": {"constant": "s3://b/m"},
                        "typeSchema": _artifact("tfx.Model")["artifactType"],
                    }
                },
            }
        },
        "root": {
            "dag": {
                "tasks": {
                    "Look": _task("Look"),
                    "Base": _task("Base"),
                    "Train_deep_lab": {
                        **_task("Train_deep_lab"),
                        "dependentTasks": ["Base", "Look"],
                        "triggerPolicy": {"condition": CONDITION},
                        "inputs": {
                            "artifacts": {
                                "_Look.audit": _from("Look", "audit"),
                                "base": _from("Base", "result"),
                            },
                            "parameters": {
                                "text": {
                                    "taskOutputParameter": {
                                        "producerTask": "Look_task",
                                        "outputParameterKey": "text",
                                    }
                                },
                                "steps": {"componentInputParameter": "steps"},
                                "name": {"runtimeValue": {"constant": "deep_lab"}},
                            },
                        },
                    },
                }
            },
            "inputDefinitions": {
                "parameters": {"steps": {"parameterType": "NUMBER_INTEGER"}}
            },
        },
    }


def _task(name: str) -> dict[str, Any]:
    return {"taskInfo": {"name": name}, "componentRef": {"name": name}}


def _artifact(title: str) -> dict[str, Any]:
    return {"artifactType": {"instanceSchema": f"title: {title}\ntype: object\n"}}


def _from(producer: str, key: str) -> dict[str, Any]:
    return {"taskOutputArtifact": {"producerTask": producer, "outputArtifactKey": key}}


def _container(inputs_spec: str) -> dict[str, Any]:
    args = ["--executor_class_path", "a.Executor"]
    args += ["--json_serialized_invocation_args", "{{$}}"]
    args += ["--json_serialized_inputs_spec_args", inputs_spec, "--runner=x"]
    return {"container": {"image": "i", "command": ["python", "-m", "m"], "args": args}}
