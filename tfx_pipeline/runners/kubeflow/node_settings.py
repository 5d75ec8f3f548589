"""Writes what each node gets on the cluster into the spec, and beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfx_pipeline.config.kubeflow_node import NodeOptions

# Grace for an executor to end by itself before it is killed.
_GRACE_S = 60

Spec = dict[str, Any]


def settle_nodes(spec: Spec, options: Mapping[str, NodeOptions]) -> None:
    """Writes resources, retries, time limits, environment and caching into a spec.

    Args:
        spec: Pipeline spec; changed.
        options: Name of a task to what it gets.
    """
    for name, task in spec["root"]["dag"]["tasks"].items():
        wanted = options[name]
        task["cachingOptions"] = {"enableCache": True} if wanted.cache else {}
        container = _container(spec, task)
        if container is None:  # an importer
            continue
        if wanted.retries:
            task["retryPolicy"] = _retry_policy(wanted)
        if resources := _resources(wanted):
            container["resources"] = resources
        if wanted.timeout_s is not None:
            # Kubernetes' own limit came with later backends, counts the copying of
            # artifacts, and Vertex AI has none: coreutils' works everywhere.
            grace = f"--kill-after={_GRACE_S}"
            limit = ["timeout", grace, str(wanted.timeout_s)]
            container["command"] = [*limit, *container["command"]]
        if wanted.env:
            container["env"] = [
                {"name": key, "value": wanted.env[key]} for key in sorted(wanted.env)
            ]


def platform_spec(spec: Spec, options: Mapping[str, NodeOptions]) -> Spec | None:
    """Returns the second document of a package, None where no node needs one.

    Its fields are those of `KubernetesExecutorConfig`. kfp-kubernetes 1.0.0 knows
    secrets, volumes and node selectors; tolerations and secrets of a registry came
    later, and a backend that does not know them leaves them out silently.
    """
    executors: Spec = {}
    for name, task in spec["root"]["dag"]["tasks"].items():
        settings = _kubernetes_settings(options[name])
        if settings and _container(spec, task) is not None:
            label = spec["components"][task["componentRef"]["name"]]["executorLabel"]
            executors[label] = settings
    if not executors:
        return None
    deployment = {"deploymentSpec": {"executors": executors}}
    return {"platforms": {"kubernetes": deployment}}


def _container(spec: Spec, task: Spec) -> Spec | None:
    label = spec["components"][task["componentRef"]["name"]]["executorLabel"]
    container: Spec | None = spec["deploymentSpec"]["executors"][label].get("container")
    return container


def _retry_policy(options: NodeOptions) -> Spec:
    # All four: a missing one becomes 0, and Argo wants a whole number as the factor.
    return {
        "maxRetryCount": options.retries,
        "backoffDuration": f"{options.retry_wait_s}s",
        "backoffFactor": options.retry_wait_factor,
        "backoffMaxDuration": f"{options.retry_max_wait_s}s",
    }


def _resources(options: NodeOptions) -> Spec:
    values = {
        "cpuRequest": options.cpu_request,
        "cpuLimit": options.cpu_limit,
        "memoryRequest": options.memory_request_gb,
        "memoryLimit": options.memory_limit_gb,
    }
    resources: Spec = {
        name: float(value) for name, value in values.items() if value is not None
    }
    if options.accelerator is not None:
        resources["accelerator"] = {
            "type": options.accelerator,
            "count": str(options.accelerator_count),
        }
    return resources


def _kubernetes_settings(options: NodeOptions) -> Spec:
    settings: Spec = {
        "secretAsEnv": [
            {
                "secretName": options.secrets[env]["name"],
                "keyToEnv": [{"secretKey": options.secrets[env]["key"], "envVar": env}],
            }
            for env in sorted(options.secrets)
        ],
        "pvcMount": [
            {"constant": options.volumes[path], "mountPath": path}
            for path in sorted(options.volumes)
        ],
        "imagePullSecret": [
            {"secretName": name} for name in options.image_pull_secrets
        ],
        "tolerations": [dict(toleration) for toleration in options.tolerations],
    }
    if options.node_selector:
        settings["nodeSelector"] = {"labels": dict(options.node_selector)}
    return {name: value for name, value in settings.items() if value}
