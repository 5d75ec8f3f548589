"""What a node is to get, as the fields that Kubeflow and Kubernetes read."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format
from kfp.kubernetes import kubernetes_executor_config_pb2 as kubernetes_spec
from kfp.pipeline_spec import pipeline_spec_pb2 as pipeline_spec

from tests.tfx_pipeline.runners.kubeflow.small_spec import small_spec
from tfx_pipeline.config.kubeflow_node import NodeOptions
from tfx_pipeline.runners.kubeflow.node_settings import platform_spec, settle_nodes

ALL = NodeOptions(
    cpu_request=2,
    cpu_limit=8,
    memory_request_gb=4,
    memory_limit_gb=31.5,
    accelerator="nvidia.com/gpu",
    accelerator_count=2,
    retries=3,
    retry_wait_s=30,
    timeout_s=7200,
    env={"B": "2", "A": "1"},
    secrets={"TOKEN": {"name": "hub", "key": "token"}},
    volumes={"/mnt/served": "models", "/data": "photos"},
    node_selector={"pool": "gpu"},
    tolerations=({"key": "gpu", "operator": "Exists", "effect": "NoSchedule"},),
    image_pull_secrets=("registry",),
)
NONE = NodeOptions(cache=False)
OPTIONS = {"Look": NONE, "Base": ALL, "Train_deep_lab": ALL}


def _settled() -> dict[str, Any]:
    spec = small_spec()
    settle_nodes(spec, OPTIONS)
    return spec


def test_a_container_gets_resources_command_and_environment() -> None:
    executors = _settled()["deploymentSpec"]["executors"]
    container = executors["Train_deep_lab_executor"]["container"]

    assert container["resources"] == {
        "cpuRequest": 2.0,
        "cpuLimit": 8.0,
        "memoryRequest": 4.0,
        "memoryLimit": 31.5,
        "accelerator": {"type": "nvidia.com/gpu", "count": "2"},
    }
    assert container["command"] == [
        *("timeout", "--kill-after=60", "7200"),
        *("python", "-m", "m"),
    ]
    assert container["env"] == [
        {"name": "A", "value": "1"},
        {"name": "B", "value": "2"},
    ]
    plain = executors["Look_executor"]["container"]
    assert set(plain) == {"image", "command", "args"}
    assert plain["command"] == ["python", "-m", "m"]


def test_a_task_gets_retries_and_its_cache_switched() -> None:
    tasks = _settled()["root"]["dag"]["tasks"]

    assert tasks["Train_deep_lab"]["retryPolicy"] == {
        "maxRetryCount": 3,
        "backoffDuration": "30s",
        "backoffFactor": 2,
        "backoffMaxDuration": "3600s",
    }
    assert tasks["Train_deep_lab"]["cachingOptions"] == {"enableCache": True}
    assert tasks["Look"]["cachingOptions"] == {}
    assert "retryPolicy" not in tasks["Look"]


def test_kfps_own_messages_know_every_field() -> None:
    spec = _settled()

    read = json_format.ParseDict(spec, pipeline_spec.PipelineSpec())
    deployment = json_format.ParseDict(
        json_format.MessageToDict(read.deployment_spec),
        pipeline_spec.PipelineDeploymentConfig(),
    )

    container = deployment.executors["Train_deep_lab_executor"].container
    assert container.resources.memory_limit == 31.5
    assert container.resources.accelerator.count == 2
    assert read.root.dag.tasks[
        "Train_deep_lab"
    ].retry_policy.backoff_duration.seconds == (30)


def test_secrets_volumes_and_machines_are_in_the_platform_spec() -> None:
    spec = small_spec()

    platform = platform_spec(spec, OPTIONS)

    assert platform is not None
    assert list(platform["platforms"]) == ["kubernetes"]
    executors = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    # An importer runs in a container of Kubeflow's own, which takes none of it.
    assert list(executors) == ["Train_deep_lab_executor"]
    assert executors["Train_deep_lab_executor"] == {
        "secretAsEnv": [
            {
                "secretName": "hub",
                "keyToEnv": [{"secretKey": "token", "envVar": "TOKEN"}],
            }
        ],
        "pvcMount": [
            {"constant": "photos", "mountPath": "/data"},
            {"constant": "models", "mountPath": "/mnt/served"},
        ],
        "nodeSelector": {"labels": {"pool": "gpu"}},
        "imagePullSecret": [{"secretName": "registry"}],
        "tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}],
    }


def test_the_installed_kfp_kubernetes_reads_what_it_knows() -> None:
    platform = platform_spec(small_spec(), OPTIONS)
    assert platform is not None
    json_format.ParseDict(platform, pipeline_spec.PlatformSpec())
    executors = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    settings = executors["Train_deep_lab_executor"]
    message = kubernetes_spec.KubernetesExecutorConfig()
    known = {
        name: settings[name] for name in ("secretAsEnv", "pvcMount", "nodeSelector")
    }

    json_format.ParseDict(known, message)

    assert message.secret_as_env[0].key_to_env[0].env_var == "TOKEN"
    assert [mount.constant for mount in message.pvc_mount] == ["photos", "models"]
    assert dict(message.node_selector.labels) == {"pool": "gpu"}


def test_without_options_of_kubernetes_there_is_no_platform_spec() -> None:
    options = dict.fromkeys(OPTIONS, NodeOptions(cpu_limit=1, retries=1))

    assert platform_spec(small_spec(), options) is None
