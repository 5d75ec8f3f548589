"""The engine of all Beam work of a run."""

from __future__ import annotations

from dataclasses import dataclass

from tfx_pipeline.config.beam_flags import beam_flags
from tfx_pipeline.config.beam_rules import RunningMode, check_beam


@dataclass(frozen=True, kw_only=True)
class BeamConfig:
    """The engine of all Beam work; a field of another engine is refused.

    Attributes:
        engine: `direct` runs on this machine, `portable` on any job service of Beam,
            `flink`, `spark` and `dataflow` on theirs.
        workers: Python processes: of this machine (direct; 0 takes one per core), of
            each node of the cluster (portable, flink, spark; 0 lets it choose), at
            the start of a job (dataflow; 0 lets it choose).
        running_mode: How `direct` works; `auto` is in memory for one worker and
            processes for several, which pay about 10 s of imports each.
        job_endpoint: host:port of the job service; flink and spark may have their
            master and `job_server_jar` instead.
        artifact_endpoint: host:port where the job service takes files, where it is
            not the one that the service itself names.
        worker_pool: host:port of the SDK worker pool, as the nodes of the cluster see
            it.
        flink_master: host:port of Flink's REST interface; [local] starts a Flink
            inside the job server, to try it.
        spark_master: Spark's master, such as spark://host:7077.
        job_server_jar: File or URL of Beam's job server, which is then started on this
            machine; it must be of the installed Beam's version and made for the
            cluster's.
        parallelism: Slots that Flink works in at once; 0 takes the cluster's default.
        project: Google Cloud project.
        region: Its region.
        temp_location: gs:// folder for what lies between the stages of a job.
        staging_location: gs:// folder for what a job is made of; None takes the
            former.
        sdk_container_image: The pipeline's own image, which holds this package.
        service_account: E-mail address that workers act as; None takes the project's.
        max_workers: Bound of Dataflow's own scaling; 0 lets it choose.
        machine_type: Of Dataflow's workers; None lets it choose.
        disk_size_gb: Of Dataflow's workers; 0 lets it choose.
        network: Of Dataflow's workers; None takes the project's default.
        subnetwork: Path or URL of their subnetwork.
        use_public_ips: False keeps Dataflow's workers inside the network.
    """

    engine: str = "direct"
    workers: int = 1
    running_mode: RunningMode = "auto"
    job_endpoint: str | None = None
    artifact_endpoint: str | None = None
    worker_pool: str | None = None
    flink_master: str | None = None
    spark_master: str | None = None
    job_server_jar: str | None = None
    parallelism: int = 0
    project: str | None = None
    region: str | None = None
    temp_location: str | None = None
    staging_location: str | None = None
    sdk_container_image: str | None = None
    service_account: str | None = None
    max_workers: int = 0
    machine_type: str | None = None
    disk_size_gb: int = 0
    network: str | None = None
    subnetwork: str | None = None
    use_public_ips: bool = True

    def __post_init__(self) -> None:
        check_beam(self)

    def pipeline_args(self) -> list[str]:
        """Returns the flags that every Beam pipeline of the run gets."""
        return beam_flags(self)
