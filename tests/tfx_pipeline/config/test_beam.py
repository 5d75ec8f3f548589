"""Each engine: its exact flags, what it must be told, what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from apache_beam.options import pipeline_options

from tfx_pipeline.config.beam import BeamConfig
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.presets import preset

CLUSTER = {"job_endpoint": "jobs:8099", "worker_pool": "pool:50000"}
IN_CLUSTER = [
    "--job_server_timeout=604800",
    "--environment_type=EXTERNAL",
    "--environment_config=pool:50000",
    "--sdk_worker_parallelism=1",
    "--sdk_container_image=none",
]
CLOUD = {
    "project": "cars",
    "region": "europe-west4",
    "temp_location": "gs://cars/tmp",
    "sdk_container_image": "registry/carseg:1.0",
}
JAR = {"worker_pool": "pool:50000", "job_server_jar": "/opt/job-server.jar"}


def beam_config(**values: Any) -> BeamConfig:
    return PipelineConfig.from_dict({"beam": values}).beam


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        (
            {},
            [
                "--runner=DirectRunner",
                "--direct_running_mode=in_memory",
                "--direct_num_workers=1",
                "--sdk_container_image=none",
            ],
        ),
        (
            {"workers": 0},
            [
                "--runner=DirectRunner",
                "--direct_running_mode=multi_processing",
                "--direct_num_workers=0",
                "--sdk_container_image=none",
            ],
        ),
        (
            {"running_mode": "multi_threading", "workers": 3},
            [
                "--runner=DirectRunner",
                "--direct_running_mode=multi_threading",
                "--direct_num_workers=3",
                "--sdk_container_image=none",
            ],
        ),
        (
            {"engine": "portable", **CLUSTER},
            ["--runner=PortableRunner", "--job_endpoint=jobs:8099", *IN_CLUSTER],
        ),
        (
            {"engine": "portable", **CLUSTER, "artifact_endpoint": "jobs:8098"},
            [
                "--runner=PortableRunner",
                "--job_endpoint=jobs:8099",
                "--artifact_endpoint=jobs:8098",
                *IN_CLUSTER,
            ],
        ),
        (
            {"engine": "flink", **CLUSTER, "parallelism": 8},
            [
                "--runner=FlinkRunner",
                "--parallelism=8",
                "--job_endpoint=jobs:8099",
                *IN_CLUSTER,
            ],
        ),
        (
            {"engine": "flink", **JAR, "flink_master": "flink:8081"},
            [
                "--runner=FlinkRunner",
                "--flink_master=flink:8081",
                "--flink_job_server_jar=/opt/job-server.jar",
                *IN_CLUSTER,
            ],
        ),
        (
            {"engine": "spark", **CLUSTER},
            ["--runner=SparkRunner", "--job_endpoint=jobs:8099", *IN_CLUSTER],
        ),
        (
            {"engine": "spark", **JAR, "spark_master": "spark://spark:7077"},
            [
                "--runner=SparkRunner",
                "--spark_master_url=spark://spark:7077",
                "--spark_job_server_jar=/opt/job-server.jar",
                *IN_CLUSTER,
            ],
        ),
        (
            {"engine": "dataflow", **CLOUD, "workers": 0},
            [
                "--runner=DataflowRunner",
                "--project=cars",
                "--region=europe-west4",
                "--temp_location=gs://cars/tmp",
                "--sdk_container_image=registry/carseg:1.0",
                "--staging_location=gs://cars/tmp",
            ],
        ),
        (
            {
                "engine": "dataflow",
                **CLOUD,
                "staging_location": "gs://cars/staging",
                "service_account": "beam@cars.example",
                "workers": 2,
                "max_workers": 50,
                "machine_type": "n2-standard-4",
                "disk_size_gb": 50,
                "network": "inner",
                "subnetwork": "regions/europe-west4/subnetworks/inner",
                "use_public_ips": False,
            },
            [
                "--runner=DataflowRunner",
                "--project=cars",
                "--region=europe-west4",
                "--temp_location=gs://cars/tmp",
                "--sdk_container_image=registry/carseg:1.0",
                "--service_account_email=beam@cars.example",
                "--num_workers=2",
                "--max_num_workers=50",
                "--machine_type=n2-standard-4",
                "--disk_size_gb=50",
                "--network=inner",
                "--subnetwork=regions/europe-west4/subnetworks/inner",
                "--staging_location=gs://cars/staging",
                "--no_use_public_ips",
            ],
        ),
    ],
    ids=lambda value: value.get("engine", "direct") if isinstance(value, dict) else "",
)
def test_an_engine_becomes_exactly_these_flags(
    values: dict[str, Any], flags: list[str]
) -> None:
    config = beam_config(**values)

    assert config.pipeline_args() == flags
    again = PipelineConfig.from_dict(
        json.loads(json.dumps(PipelineConfig(beam=config).to_dict()))
    )
    assert again.beam == config
    assert_beam_knows(flags)


def assert_beam_knows(flags: list[str]) -> None:
    """The installed Beam reads every flag under the name that we gave it."""
    read = pipeline_options.PipelineOptions(flags).get_all_options()
    for flag in flags:
        name, _, value = flag.removeprefix("--").partition("=")
        if name == "no_use_public_ips":
            assert read["use_public_ips"] is False
        else:
            assert str(read[name]) == value


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"engine": "dask"},
            "beam.engine must not be dask: Beam's Dask runner gives silently wrong"
            " results (tagged outputs, branches, file sinks) and fails on statistics,"
            " Transform and evaluation; take direct on one machine, flink or spark on"
            " many",
        ),
        (
            {"engine": "flnk"},
            "there is no engine of beam named 'flnk'; did you mean flink? known:"
            " direct, portable, flink, spark, dataflow",
        ),
        (
            {"engine": "portable"},
            "beam.job_endpoint must be set for engine portable, got None; for example"
            " --set beam.job_endpoint=localhost:8099",
        ),
        (
            {"engine": "portable", "job_endpoint": "jobs:8099"},
            "beam.worker_pool must be set for engine portable, got None; for example"
            " --set beam.worker_pool=localhost:50000",
        ),
        (
            {"engine": "portable", "job_endpoint": "jobs", "worker_pool": "pool:1"},
            "beam.job_endpoint must be a host:port, got 'jobs'",
        ),
        (
            {"engine": "portable", "job_endpoint": "http://jobs:8099"},
            "beam.job_endpoint must be a host:port, got 'http://jobs:8099'",
        ),
        (
            {"engine": "portable", **CLUSTER, "job_endpoint": "jobs:99999"},
            "the port of beam.job_endpoint must be 1 to 65535, got 'jobs:99999'",
        ),
        (
            {"engine": "portable", **CLUSTER, "artifact_endpoint": "[::1]:65536"},
            "the port of beam.artifact_endpoint must be 1 to 65535, got '[::1]:65536'",
        ),
        (
            {"engine": "portable", **CLUSTER, "worker_pool": "pool:0"},
            "the port of beam.worker_pool must be 1 to 65535, got 'pool:0'",
        ),
        (
            {"engine": "flink", **JAR, "flink_master": "http://flink:70000"},
            "the port of beam.flink_master must be 1 to 65535, got"
            " 'http://flink:70000'",
        ),
        (
            {"engine": "portable", **CLUSTER, "flink_master": "flink:8081"},
            "beam.flink_master must not be set for engine portable, which does not read"
            " it, got 'flink:8081'; it belongs to flink",
        ),
        (
            {"job_endpoint": "jobs:8099"},
            "beam.job_endpoint must not be set for engine direct, which does not read"
            " it, got 'jobs:8099'; it belongs to portable, flink and spark",
        ),
        (
            {"engine": "portable", **CLUSTER, "running_mode": "multi_processing"},
            "beam.running_mode must not be set for engine portable, which does not read"
            " it, got 'multi_processing'; it belongs to direct",
        ),
        (
            {"engine": "flink", "worker_pool": "pool:50000"},
            "engine flink needs beam.job_endpoint, or beam.flink_master and"
            " beam.job_server_jar together, and there is no beam.flink_master; for"
            " example --set beam.job_endpoint=localhost:8099",
        ),
        (
            {"engine": "spark", "worker_pool": "p:1", "spark_master": "spark://s:7077"},
            "engine spark needs beam.job_endpoint, or beam.spark_master and"
            " beam.job_server_jar together, and there is no beam.job_server_jar; for"
            " example --set beam.job_endpoint=localhost:8099",
        ),
        (
            {"engine": "spark", **JAR, "spark_master": "spark:7077"},
            "beam.spark_master must be a URL such as spark://host:7077, got"
            " 'spark:7077'",
        ),
        (
            {"engine": "flink", **JAR, **CLUSTER},
            "beam.job_server_jar must not be set beside beam.job_endpoint, which is a"
            " job service that knows its cluster, got '/opt/job-server.jar'; remove one"
            " of them",
        ),
        (
            {
                "engine": "flink",
                **JAR,
                "flink_master": "f:1",
                "artifact_endpoint": "a:1",
            },
            "beam.job_endpoint must be set for engine flink, got None; for example"
            " --set beam.job_endpoint=localhost:8099",
        ),
        (
            {"engine": "dataflow", **CLOUD, "project": None},
            "beam.project must be set for engine dataflow, got None; for example --set"
            " beam.project=my-project",
        ),
        (
            {"engine": "dataflow", **CLOUD, "temp_location": "/tmp/x"},
            "beam.temp_location must be a gs:// folder, got '/tmp/x'",
        ),
        (
            {"engine": "dataflow", **CLOUD, "workers": 9, "max_workers": 4},
            "beam.max_workers must be beam.workers=9 or more, got 4",
        ),
        (
            {"engine": "flink", **CLUSTER, "parallelism": -1},
            "beam.parallelism must be 0 or more, got -1",
        ),
    ],
    ids=lambda value: value.get("engine", "direct") if isinstance(value, dict) else "",
)
def test_what_cannot_be_started_is_refused_in_one_line(
    values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError) as caught:
        beam_config(**values)

    assert str(caught.value) == sentence


@pytest.mark.parametrize("name", ["smoke", "local", "production"])
def test_a_preset_runs_on_another_engine_without_further_changes(name: str) -> None:
    config = preset(name).replaced({"beam": {"engine": "portable", **CLUSTER}})

    assert config.beam.pipeline_args()[0] == "--runner=PortableRunner"
