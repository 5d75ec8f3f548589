from __future__ import annotations

import http.client
import json
import re
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml

from serving.server.docker_command import IMAGE
from serving.server.flag_texts import SHARED_FLAGS
from serving.server.flags import parse_flags
from serving.server.settings.batching_config import read_batching
from serving.server.settings.model_config import read_model_config
from serving.server.settings.monitoring_config import read_metrics_path
from tests.deploy.dockerfile import read_stages
from tests.deploy.manifests import render
from tests.deploy.test_manifests import DEPLOY
from tests.serving.server.running import RunningServer, free_ports, running_server
from tfx_pipeline.config.judging import PackageConfig

MODEL = PackageConfig().model_name
SERVING = DEPLOY / "serving"


@pytest.fixture(scope="module")
def base() -> list[dict[str, Any]]:
    return render(SERVING / "base")


@pytest.fixture(scope="module")
def gpu() -> list[dict[str, Any]]:
    return render(SERVING / "overlays/gpu")


@pytest.fixture(scope="module")
def predictor() -> dict[str, Any]:
    documents = render(SERVING / "kserve")
    (service,) = [one for one in documents if one["kind"] == "InferenceService"]
    return service["spec"]["predictor"]


def pod_of(documents: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = [one for one in documents if one["kind"] == "Deployment"]
    return found["spec"]["template"]


def container_of(documents: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = pod_of(documents)["spec"]["containers"]
    return found


def write_configs(documents: list[dict[str, Any]], folder: Path) -> dict[str, Path]:
    """Writes every ConfigMap's files; returns them by their path in the container."""
    maps = {
        one["metadata"]["name"]: one["data"]
        for one in documents
        if one["kind"] == "ConfigMap"
    }
    volumes = {
        one["name"]: maps[one["configMap"]["name"]]
        for one in pod_of(documents)["spec"]["volumes"]
        if "configMap" in one
    }
    written = {}
    for mount in container_of(documents)["volumeMounts"]:
        for name, text in volumes.get(mount["name"], {}).items():
            written[f"{mount['mountPath']}/{name}"] = folder / name
            (folder / name).write_text(text)
    return written


@pytest.mark.parametrize("folder", ["base", "overlays/gpu", "kserve"])
def test_the_images_are_those_that_the_project_tests_against(folder: str) -> None:
    (image,) = {
        container["image"].removesuffix("-gpu")
        for one in render(SERVING / folder)
        if one["kind"] in ("Deployment", "InferenceService")
        for container in (
            one["spec"]["predictor"]
            if one["kind"] == "InferenceService"
            else one["spec"]["template"]["spec"]
        )["containers"]
    }

    assert image == IMAGE
    # The images are the first stack's, on whichever this test runs.
    lock = (DEPLOY.parent / "requirements" / "requirements.lock").read_text()
    tensorflow = re.search(r"^tensorflow==(\d+\.\d+)\.", lock, re.MULTILINE)
    assert tensorflow
    assert image.partition(":")[2].startswith(f"{tensorflow[1]}.")


def test_all_flags_are_tensorflow_servings_own(
    gpu: list[dict[str, Any]], predictor: dict[str, Any]
) -> None:
    known = {name for name, _, _ in SHARED_FLAGS}
    for arguments in (container_of(gpu)["args"], predictor["containers"][0]["args"]):
        names = [word.removeprefix("--").partition("=")[0] for word in arguments]
        assert set(names) <= known and len(set(names)) == len(names)
        assert parse_flags(arguments, prog="server") is not None


def test_flags_ports_probes_and_files_fit_each_other(
    gpu: list[dict[str, Any]], tmp_path: Path
) -> None:
    container = container_of(gpu)
    flags = parse_flags(container["args"], prog="server")
    files = write_configs(gpu, tmp_path)
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    monitoring = read_metrics_path(str(files[flags.monitoring_config_file]))
    (model,) = read_model_config(str(files[flags.model_config_file]))
    batching = str(files[flags.batching_parameters_file])
    notes = pod_of(gpu)["metadata"]["annotations"]

    assert ports == {"grpc": flags.port, "rest": flags.rest_api_port}
    for probe in ("startupProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {
            "path": f"/v1/models/{model.name}",
            "port": "rest",
        }
    assert container["livenessProbe"]["grpc"] == {"port": flags.port}
    assert flags.enable_grpc_healthcheck_service
    assert notes["prometheus.io/path"] == monitoring
    assert notes["prometheus.io/port"] == str(flags.rest_api_port)
    assert read_batching(enabled=flags.enable_batching, path=batching) is not None
    # The Pusher writes <push.directory>/<model name>/<version> on the claim.
    claims = [one for one in container["volumeMounts"] if one["name"] == "models"]
    assert [one["mountPath"] for one in claims] == ["/models"]
    assert (model.name, model.base_path) == (MODEL, f"/models/{MODEL}")


def test_the_pod_lives_long_enough_to_drain(base: list[dict[str, Any]]) -> None:
    spec = pod_of(base)["spec"]
    flags = parse_flags(container_of(base)["args"], prog="server")
    word, seconds = container_of(base)["lifecycle"]["preStop"]["exec"]["command"]

    assert word == "sleep" and int(seconds) * 1000 > flags.rest_api_timeout_in_ms
    assert int(seconds) < spec["terminationGracePeriodSeconds"]


def test_the_servers_root_is_read_only_and_they_read_as_whom_the_pusher_writes(
    base: list[dict[str, Any]], predictor: dict[str, Any]
) -> None:
    stages = read_stages((DEPLOY / "pipeline.Dockerfile").read_text())
    (user,) = [one.value for one in stages[-1].instructions if one.name == "USER"]
    pod, own = pod_of(base)["spec"], predictor["containers"][0]

    assert pod["securityContext"]["runAsUser"] == int(user.partition(":")[0])
    assert own["securityContext"]["runAsUser"] == int(user.partition(":")[0])
    for container in (container_of(base), own):
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        mounts = {one["mountPath"]: one for one in container["volumeMounts"]}
        assert [path for path, one in mounts.items() if not one.get("readOnly")] == [
            "/tmp"
        ]


def test_threads_fit_the_cores_that_the_limit_allows(
    base: list[dict[str, Any]], predictor: dict[str, Any]
) -> None:
    for container in (container_of(base), predictor["containers"][0]):
        flags = parse_flags(container["args"], prog="server")
        cores = int(container["resources"]["limits"]["cpu"])

        assert flags.tensorflow_intra_op_parallelism == cores
        assert flags.tensorflow_inter_op_parallelism == cores
        assert flags.rest_api_num_threads == 4 * cores


def test_the_gpu_overlay_only_adds(
    base: list[dict[str, Any]], gpu: list[dict[str, Any]]
) -> None:
    plain, other = container_of(base), container_of(gpu)

    assert other["args"][: len(plain["args"])] == plain["args"]
    assert other["args"][len(plain["args"]) :] == [
        "--enable_batching=true",
        "--batching_parameters_file=/batching/batching.config",
    ]
    assert other["image"] == f"{plain['image']}-gpu"
    assert other["resources"]["limits"]["nvidia.com/gpu"] == "1"
    assert other["startupProbe"] == plain["startupProbe"]


def test_a_canary_serves_the_one_version_that_it_names(
    predictor: dict[str, Any],
) -> None:
    (container,) = predictor["containers"]
    flags = parse_flags(container["args"], prog="server")
    version = predictor["labels"]["carseg/model-version"]
    mount = next(one for one in container["volumeMounts"] if one["name"] == "models")

    assert 0 < predictor["canaryTrafficPercent"] < 100
    assert version.isdigit()
    assert mount["mountPath"] == f"{flags.model_base_path}/{version}"
    assert mount["subPath"] == f"{MODEL}/{version}"
    # What KServe and Knative ask of a predictor of one's own.
    assert container["name"] == "kserve-container"
    (port,) = container["ports"]
    assert (port["name"], port["containerPort"]) == ("http1", flags.rest_api_port)
    assert container["readinessProbe"]["httpGet"] == {
        "path": f"/v1/models/{flags.model_name}",
        "port": flags.rest_api_port,
    }
    # Knative refuses these unless a cluster's administrator allows them.
    assert not {"securityContext", "topologySpreadConstraints"} & predictor.keys()


def test_all_manifests_say_the_version_in_the_marked_places() -> None:
    text = (SERVING / "kserve/inference_service.yaml").read_text("utf-8")
    marked = [line for line in text.splitlines() if line.endswith("# the version")]

    assert len(marked) == 3
    newer = yaml.safe_load(
        "\n".join(
            line.replace("1", "22") if line in marked else line
            for line in text.splitlines()
        )
    )
    mount = newer["spec"]["predictor"]["containers"][0]["volumeMounts"][0]
    assert newer["spec"]["predictor"]["labels"]["carseg/model-version"] == "22"
    assert (mount["mountPath"], mount["subPath"]) == (
        "/models/carseg/22",
        "carseg/22",
    )


@pytest.fixture(scope="module")
def server(
    gpu: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> RunningServer:
    """Our server with the manifest's own flags and files, on other ports and paths."""
    # Loads TensorFlow, which the other tests of this file do without.
    from tests.serving.server.models.adding_model import export_adding_model

    folder = tmp_path_factory.mktemp("serving")
    export_adding_model(folder / MODEL / "1", 5.0)
    files = write_configs(gpu, folder)
    for file in files.values():
        file.write_text(file.read_text().replace('"/models', f'"{folder}'))
    arguments = []
    for word in container_of(gpu)["args"]:
        name, _, value = word.partition("=")
        if name not in ("--port", "--rest_api_port"):
            arguments.append(f"{name}={files.get(value, value)}")
    with running_server(*arguments, folder=folder, ports=free_ports()) as running:
        running.wait_until_open()
        yield running


def get(server: RunningServer, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.rest_port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.mark.integration
def test_a_server_with_these_flags_and_files_answers_the_probes(
    server: RunningServer, gpu: list[dict[str, Any]]
) -> None:
    container, notes = container_of(gpu), pod_of(gpu)["metadata"]["annotations"]
    for probe in ("startupProbe", "readinessProbe"):
        status, body = get(server, container[probe]["httpGet"]["path"])
        (version,) = json.loads(body)["model_version_status"]
        assert (status, version["version"], version["state"]) == (200, "1", "AVAILABLE")
    assert get(server, "/v1/models/other")[0] == 404

    # A kubelet's gRPC probe asks for the service "".
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        assert check(b"", timeout=30) == b"\x08\x01"  # SERVING

    status, body = get(server, notes["prometheus.io/path"])
    assert status == 200 and b":tensorflow:serving:" in body
