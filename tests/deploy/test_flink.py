"""The Flink session cluster renders, fits the API, and fits the pipeline's settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apache_beam.options.pipeline_options import FlinkRunnerOptions
from apache_beam.version import __version__ as beam_version

from tests.deploy.manifests import check, render
from tfx_pipeline.cli.main import build_parser
from tfx_pipeline.cli.options import config_of_run

FLINK = Path(__file__).parents[2] / "deploy" / "flink"
Document = dict[str, Any]


@pytest.fixture(scope="module")
def cluster() -> list[Document]:
    return render(FLINK)


@pytest.fixture(scope="module")
def client() -> list[Document]:
    return render(FLINK / "client")


def find(documents: list[Document], kind: str, name: str) -> Document:
    (found,) = (
        one
        for one in documents
        if (one["kind"], one["metadata"]["name"]) == (kind, name)
    )
    return found


def pods(documents: list[Document]) -> Iterator[Document]:
    for one in documents:
        if "template" in one.get("spec", {}):
            yield one["spec"]["template"]["spec"]


def containers(documents: list[Document]) -> Iterator[tuple[Document, Document]]:
    for pod in pods(documents):
        for container in pod["containers"]:
            yield pod, container


def test_every_document_fits_the_api(cluster, client) -> None:
    check(cluster)
    check(client)
    assert {
        one["metadata"]["name"] for one in cluster if one["kind"] == "Deployment"
    } == {
        "flink-jobmanager",
        "flink-taskmanager",
        "beam-job-server",
    }


def test_nothing_runs_as_root_or_without_bounds(cluster, client) -> None:
    for pod, container in containers([*cluster, *client]):
        of_pod, own = pod["securityContext"], container["securityContext"]
        name = container["name"]
        assert of_pod["runAsNonRoot"] is True, name
        assert of_pod["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert own.get("runAsUser", of_pod.get("runAsUser", 0)) > 0, name
        assert own["allowPrivilegeEscalation"] is False, name
        assert own["capabilities"] == {"drop": ["ALL"]}, name
        limits, requests = (
            container["resources"][key] for key in ("limits", "requests")
        )
        assert set(limits) == set(requests) == {"cpu", "memory"}, name
        if container in [one for _, one in containers(cluster)]:
            assert {"startupProbe", "livenessProbe"} <= set(container), name


def test_workers_and_client_see_the_data_under_one_path(cluster, client) -> None:
    seen = {}
    for pod, container in containers([*cluster, *client]):
        mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
        claims = {
            one["name"]: one["persistentVolumeClaim"]["claimName"]
            for one in pod["volumes"]
            if "persistentVolumeClaim" in one
        }
        for name, claim in claims.items():
            seen[container["name"]] = claim, mounts[name]

    assert set(seen) == {"taskmanager", "worker-pool", "job-server", "carseg"}
    assert set(seen.values()) == {("carseg-shared", "/carseg")}


def test_the_clients_settings_lead_to_this_cluster(cluster, client) -> None:
    (container,) = (one for _, one in containers(client))
    config = config_of_run(build_parser().parse_args(container["args"]))
    beam = config.beam
    assert beam.engine == "flink"
    for endpoint in (beam.job_endpoint, beam.artifact_endpoint):
        host, _, port = str(endpoint).partition(":")
        service = find(cluster, "Service", host)
        assert int(port) in [one["port"] for one in service["spec"]["ports"]]
    taskmanager = find(cluster, "Deployment", "flink-taskmanager")
    pool = _container(taskmanager, "worker-pool")
    assert beam.worker_pool == f"localhost:{pool['ports'][0]['containerPort']}"
    assert pool["args"] == ["--worker_pool"]
    slots = int(_flink_conf(cluster)["taskmanager.numberOfTaskSlots"])
    assert beam.workers == slots
    assert beam.parallelism == slots * taskmanager["spec"]["replicas"]
    assert config.run.root.startswith("/carseg/")


def test_services_lead_to_ports_that_are_open(cluster) -> None:
    for service in (one for one in cluster if one["kind"] == "Service"):
        chosen = service["spec"]["selector"]["app.kubernetes.io/name"]
        deployment = find(cluster, "Deployment", chosen)
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert labels["app.kubernetes.io/name"] == chosen
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        opened = {one["containerPort"] for one in container["ports"]}
        assert {one["port"] for one in service["spec"]["ports"]} <= opened


def test_flinks_memory_fits_into_its_containers(cluster) -> None:
    conf = _flink_conf(cluster)
    for name in ("jobmanager", "taskmanager"):
        container = _container(find(cluster, "Deployment", f"flink-{name}"), name)
        wanted = _mebibytes(conf[f"{name}.memory.process.size"])
        assert wanted < _mebibytes(container["resources"]["limits"]["memory"])


def test_flink_and_beam_are_of_versions_that_belong_together(cluster) -> None:
    images = {one["name"]: one["image"] for _, one in containers(cluster)}
    flink = re.match(r"flink:(1\.\d+)\.", images["taskmanager"])
    server = re.match(
        r"apache/beam_flink(1\.\d+)_job_server:([\d.]+)$", images["job-server"]
    )
    assert flink and server
    assert flink[1] == server[1]
    if beam_version == server[2]:  # the stack that the image is made of
        assert flink[1] in FlinkRunnerOptions.PUBLISHED_FLINK_VERSIONS
    dockerfile = (FLINK.parent / "pipeline.Dockerfile").read_text("utf-8")
    assert f"ARG BEAM_VERSION={server[2]}\n" in dockerfile


def _container(workload: Document, name: str) -> Document:
    (found,) = (
        one
        for one in workload["spec"]["template"]["spec"]["containers"]
        if one["name"] == name
    )
    return found


def _flink_conf(cluster: list[Document]) -> dict[str, str]:
    (config,) = (one for one in cluster if one["kind"] == "ConfigMap")
    lines = config["data"]["flink-conf.yaml"].splitlines()
    return dict(line.split(": ", 1) for line in lines if not line.startswith("#"))


def _mebibytes(size: str) -> float:
    number, unit = re.fullmatch(r"(\d+)(m|Mi|Gi)", size).groups()  # type: ignore[union-attr]
    return int(number) * (1024 if unit == "Gi" else 1)
