"""The command line flags of Beam for an engine; each is one that Beam 2.60 knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tfx_pipeline.config.beam import BeamConfig

# Nothing reads it but Dataflow. TFX looks whether it is set: if not, it packs its own
# sources as an sdist for every node (2.5 s each, measured) and hands that to workers,
# which have TFX and this package installed, as the pipeline's image has.
_NO_IMAGE = "--sdk_container_image=none"
# Beam's client ends its watch over a job after this time and fails, although the job
# goes on; 60 s if nothing is said. It is also how long it waits for a job service that
# does not answer: `runners/beam_engine.py` finds that out first.
_LONGEST_JOB_S = 7 * 24 * 60 * 60
_DATAFLOW_NAMES = {
    "project": "project",
    "region": "region",
    "temp_location": "temp_location",
    "sdk_container_image": "sdk_container_image",
    "service_account": "service_account_email",
    "workers": "num_workers",
    "max_workers": "max_num_workers",
    "machine_type": "machine_type",
    "disk_size_gb": "disk_size_gb",
    "network": "network",
    "subnetwork": "subnetwork",
}


def beam_flags(config: BeamConfig) -> list[str]:
    """Returns the flags of the engine that the configuration names."""
    return list(_FLAGS[config.engine](config))


def _direct(config: BeamConfig) -> Iterator[str]:
    mode = config.running_mode
    if mode == "auto":
        mode = "in_memory" if config.workers == 1 else "multi_processing"
    yield "--runner=DirectRunner"
    yield f"--direct_running_mode={mode}"
    yield f"--direct_num_workers={config.workers}"
    yield _NO_IMAGE


def _portable(config: BeamConfig) -> Iterator[str]:
    yield "--runner=PortableRunner"
    yield from _cluster(config)


def _flink(config: BeamConfig) -> Iterator[str]:
    yield "--runner=FlinkRunner"
    if config.flink_master:
        yield f"--flink_master={config.flink_master}"
        yield f"--flink_job_server_jar={config.job_server_jar}"
    if config.parallelism:
        yield f"--parallelism={config.parallelism}"
    yield from _cluster(config)


def _spark(config: BeamConfig) -> Iterator[str]:
    yield "--runner=SparkRunner"
    if config.spark_master:
        yield f"--spark_master_url={config.spark_master}"
        yield f"--spark_job_server_jar={config.job_server_jar}"
    yield from _cluster(config)


def _cluster(config: BeamConfig) -> Iterator[str]:
    if config.job_endpoint:
        yield f"--job_endpoint={config.job_endpoint}"
    if config.artifact_endpoint:
        yield f"--artifact_endpoint={config.artifact_endpoint}"
    yield f"--job_server_timeout={_LONGEST_JOB_S}"
    yield "--environment_type=EXTERNAL"
    yield f"--environment_config={config.worker_pool}"
    yield f"--sdk_worker_parallelism={config.workers}"
    yield _NO_IMAGE


def _dataflow(config: BeamConfig) -> Iterator[str]:
    yield "--runner=DataflowRunner"
    for field, flag in _DATAFLOW_NAMES.items():
        value = getattr(config, field)
        if value:
            yield f"--{flag}={value}"
    yield f"--staging_location={config.staging_location or config.temp_location}"
    if not config.use_public_ips:
        yield "--no_use_public_ips"


_FLAGS = {
    "direct": _direct,
    "portable": _portable,
    "flink": _flink,
    "spark": _spark,
    "dataflow": _dataflow,
}
