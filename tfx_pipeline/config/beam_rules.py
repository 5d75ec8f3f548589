"""What a Beam engine must be told, may be told, and must not be told."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, get_args

from tfx_pipeline.config.stages import require, require_choice
from tfx_pipeline.config.unknown_name import unknown_name

if TYPE_CHECKING:
    from tfx_pipeline.config.beam import BeamConfig

RunningMode = Literal["auto", "in_memory", "multi_threading", "multi_processing"]
_EVERY_ENGINE = ("engine", "workers")
_CLUSTER = ("job_endpoint", "artifact_endpoint", "worker_pool")
# The fields that an engine reads beside those of every engine.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "direct": ("running_mode",),
    "portable": _CLUSTER,
    "flink": (*_CLUSTER, "flink_master", "job_server_jar", "parallelism"),
    "spark": (*_CLUSTER, "spark_master", "job_server_jar"),
    "dataflow": (
        *("project", "region", "temp_location", "staging_location"),
        *("sdk_container_image", "service_account", "max_workers", "machine_type"),
        *("disk_size_gb", "network", "subnetwork", "use_public_ips"),
    ),
}
# A field that must be there, and a value to copy.
_NEEDED: Mapping[str, Mapping[str, str]] = {
    "direct": {},
    "portable": {"job_endpoint": "localhost:8099", "worker_pool": "localhost:50000"},
    "flink": {"worker_pool": "localhost:50000"},
    "spark": {"worker_pool": "localhost:50000"},
    "dataflow": {
        "project": "my-project",
        "region": "europe-west4",
        "temp_location": "gs://my-bucket/tmp",
        "sdk_container_image": "my-registry/carseg-pipeline:1.0",
    },
}
_MASTERS = {"flink": "flink_master", "spark": "spark_master"}
_LOCAL = "[local]"  # a Flink that the job server starts itself
LAST_PORT = 65535
_HOST_PORT = re.compile(r"(\[[0-9a-fA-F:]+\]|[^\s:/@]+):\d{1,5}")
_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "flink_master": (
        re.compile(rf"(https?://)?{_HOST_PORT.pattern}|{re.escape(_LOCAL)}"),
        "host:port of Flink's REST interface or [local]",
    ),
    "spark_master": (
        re.compile(r"(spark|k8s|mesos)://\S+|yarn|local(\[.+\])?"),
        "URL such as spark://host:7077",
    ),
    "temp_location": (re.compile(r"gs://[^/\s]+(/\S*)?"), "gs:// folder"),
    "staging_location": (re.compile(r"gs://[^/\s]+(/\S*)?"), "gs:// folder"),
    "service_account": (re.compile(r"[^\s@]+@[^\s@]+"), "e-mail address"),
}
_DASK = (
    "beam.engine must not be dask: Beam's Dask runner gives silently wrong results"
    " (tagged outputs, branches, file sinks) and fails on statistics, Transform and"
    " evaluation; take direct on one machine, flink or spark on many"
)


def check_beam(config: BeamConfig) -> None:
    """Raises a ValueError of one line unless the engine can be started with this."""
    if config.engine == "dask":
        raise ValueError(_DASK)
    if config.engine not in FIELDS:
        raise ValueError(unknown_name("engine of beam", config.engine, FIELDS))
    require_choice("beam.running_mode", config.running_mode, get_args(RunningMode))
    for name in ("workers", "parallelism", "max_workers", "disk_size_gb"):
        value = getattr(config, name)
        require(value >= 0, f"beam.{name}", "0 or more", value)
    _check_foreign(config)
    _check_forms(config)
    for name, example in _NEEDED[config.engine].items():
        if not getattr(config, name):
            raise ValueError(_missing(config.engine, name, example))
    if config.engine in _MASTERS:
        _check_way_in(config, _MASTERS[config.engine])
    require(
        not 0 < config.max_workers < config.workers,
        "beam.max_workers",
        f"beam.workers={config.workers} or more",
        config.max_workers,
    )


def _check_foreign(config: BeamConfig) -> None:
    """Refuses what was set and would be ignored."""
    own = {*_EVERY_ENGINE, *FIELDS[config.engine]}
    for entry in dataclasses.fields(config):
        value = getattr(config, entry.name)
        if entry.name in own or value == entry.default:
            continue
        engines = [name for name, fields in FIELDS.items() if entry.name in fields]
        raise ValueError(
            f"beam.{entry.name} must not be set for engine {config.engine}, which does"
            f" not read it, got {value!r}; it belongs to"
            f" {_list(engines)}"
        )


def require_address(where: str, address: str) -> None:
    """Refuses what is no host:port."""
    holds = bool(_HOST_PORT.fullmatch(address))
    require(holds, where, "a host:port", repr(address))
    _require_port(where, address)


def _require_port(where: str, address: str) -> None:
    holds = 1 <= int(address.rpartition(":")[2]) <= LAST_PORT
    require(holds, f"the port of {where}", f"1 to {LAST_PORT}", repr(address))


def _check_forms(config: BeamConfig) -> None:
    for name in _CLUSTER:
        address = getattr(config, name)
        if address is not None:
            require_address(f"beam.{name}", address)
    for name, (pattern, form) in _FORMS.items():
        value = getattr(config, name)
        if value is not None:
            require(
                bool(pattern.fullmatch(value)), f"beam.{name}", f"a {form}", repr(value)
            )
    if config.flink_master and config.flink_master != _LOCAL:
        _require_port("beam.flink_master", config.flink_master)


def _check_way_in(config: BeamConfig, master: str) -> None:
    """Flink and Spark: a job service that runs, or a jar that is started."""
    if config.job_endpoint:
        for name in (master, "job_server_jar"):
            value = getattr(config, name)
            if value:
                raise ValueError(
                    f"beam.{name} must not be set beside beam.job_endpoint, which is a"
                    f" job service that knows its cluster, got {value!r}; remove one of"
                    " them"
                )
        return
    if config.artifact_endpoint:
        raise ValueError(_missing(config.engine, "job_endpoint", "localhost:8099"))
    for name in (master, "job_server_jar"):
        if not getattr(config, name):
            raise ValueError(
                f"engine {config.engine} needs beam.job_endpoint, or beam.{master} and"
                f" beam.job_server_jar together, and there is no beam.{name}; for"
                " example --set beam.job_endpoint=localhost:8099"
            )


def _missing(engine: str, name: str, example: str) -> str:
    return (
        f"beam.{name} must be set for engine {engine}, got None; for example"
        f" --set beam.{name}={example}"
    )


def _list(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
