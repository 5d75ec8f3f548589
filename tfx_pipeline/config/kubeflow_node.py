"""What one node's container gets on a cluster."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tfx_pipeline.config.stages import require

_NONE: Mapping[str, Any] = types.MappingProxyType({})
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OBJECT_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_TOLERATION = {
    "key": (str,),
    "operator": ("Exists", "Equal"),
    "value": (str,),
    "effect": ("NoSchedule", "PreferNoSchedule", "NoExecute"),
    "tolerationSeconds": (int,),
}


@dataclass(frozen=True, kw_only=True)
class NodeOptions:
    """Resources, retries and what is mounted; None leaves a field to the cluster.

    Attributes:
        cpu_request: Cores that a machine must have free.
        cpu_limit: Cores that are not exceeded.
        memory_request_gb: Memory that a machine must have free, in 10^9 bytes.
        memory_limit_gb: Memory above which the container is killed, in 10^9 bytes.
        accelerator: Kubernetes' name of the resource, such as `nvidia.com/gpu`.
        accelerator_count: How many of them.
        retries: How often a failed container is started again.
        retry_wait_s: Seconds before the first retry.
        retry_wait_factor: What the wait is multiplied with at each further retry.
        retry_max_wait_s: Seconds of waiting after which nothing is retried.
        timeout_s: Seconds after which the node is ended, each retry anew.
        cache: Take an earlier result of the same inputs; `run.cache` off wins.
        env: Environment variables.
        secrets: Environment variable to the `name` of a Secret and a `key` in it.
        volumes: Absolute path in the container to the claim (PVC) mounted there.
        node_selector: Labels that a machine must have.
        tolerations: Taints that are tolerated, with Kubernetes' field names.
        image_pull_secrets: Secrets for the registry of the image.
    """

    cpu_request: float | None = None
    cpu_limit: float | None = None
    memory_request_gb: float | None = None
    memory_limit_gb: float | None = None
    accelerator: str | None = None
    accelerator_count: int = 1
    retries: int = 0
    retry_wait_s: int = 60
    retry_wait_factor: int = 2
    retry_max_wait_s: int = 3600
    timeout_s: int | None = None
    cache: bool = True
    env: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    secrets: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    volumes: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    node_selector: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    tolerations: tuple[Mapping[str, Any], ...] = ()
    image_pull_secrets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._check_resources()
        for name, low in _AT_LEAST.items():
            value = getattr(self, name)
            require(value is None or value >= low, name, f"{low} or more", value)
        _check_texts("env", self.env)
        _check_texts("node_selector", self.node_selector)
        for name in (*self.env, *self.secrets):
            rule = "letters, digits and _, not a digit first"
            require(bool(_ENV_NAME.fullmatch(name)), "a variable", rule, repr(name))
        for name in self.env:
            rule = "in env or in secrets"
            require(name not in self.secrets, "a variable", rule, f"both for {name!r}")
        for name, secret in self.secrets.items():
            _check_secret(f"secrets.{name}", secret)
        for path, claim in self.volumes.items():
            rule = "an absolute path below /"
            require(path.startswith("/") and path != "/", "a volume", rule, repr(path))
            _check_object(f"volumes.{path}", claim)
        for toleration in self.tolerations:
            _check_toleration(toleration)
        for secret in self.image_pull_secrets:
            _check_object("image_pull_secrets", secret)

    def _check_resources(self) -> None:
        for name in ("cpu", "memory"):
            unit = "_gb" if name == "memory" else ""
            names = [f"{name}_{kind}{unit}" for kind in ("request", "limit")]
            request, limit = (getattr(self, entry) for entry in names)
            for entry, value in zip(names, (request, limit), strict=True):
                holds = value is None or 0 < value < float("inf")
                require(holds, entry, "above 0", value)
            if request is not None and limit is not None:
                require(request <= limit, names[0], f"{names[1]} or less", request)
        require(self.accelerator != "", "accelerator", "a resource's name", "''")


_AT_LEAST = {
    "accelerator_count": 1,
    "retries": 0,
    "retry_wait_s": 0,
    "retry_wait_factor": 1,
    "retry_max_wait_s": 0,
    "timeout_s": 1,
}


def _check_texts(where: str, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        holds = isinstance(name, str) and isinstance(value, str)
        require(
            holds, f"{where}.{name}", "a text (in quotes, if a number)", repr(value)
        )


def _check_secret(where: str, secret: Any) -> None:
    holds = (
        isinstance(secret, Mapping)
        and set(secret) == {"name", "key"}
        and all(isinstance(entry, str) and entry for entry in secret.values())
    )
    require(holds, where, "{name: of the Secret, key: in it}", repr(secret))
    _check_object(f"{where}.name", secret["name"])


def _check_object(where: str, name: Any) -> None:
    holds = isinstance(name, str) and bool(_OBJECT_NAME.fullmatch(name))
    rule = "a name of Kubernetes: lower-case letters, digits, - and ."
    require(holds, where, rule, repr(name))


def _check_toleration(toleration: Mapping[str, Any]) -> None:
    for name, value in toleration.items():
        known = ", ".join(_TOLERATION)
        require(name in _TOLERATION, "a field of tolerations", f"one of {known}", name)
        allowed = _TOLERATION[name]
        if isinstance(allowed[0], type):
            holds, rule = isinstance(value, allowed[0]), allowed[0].__name__
        else:
            holds, rule = value in allowed, f"one of {', '.join(map(str, allowed))}"
        require(holds, f"tolerations.{name}", rule, repr(value))
