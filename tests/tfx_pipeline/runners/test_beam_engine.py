"""An engine that cannot do a command's work is said at once, in one line."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tfx_pipeline.cli.main import main
from tfx_pipeline.config.beam import BeamConfig
from tfx_pipeline.runners.beam_engine import check_engine


def engine(port: int) -> BeamConfig:
    return BeamConfig(
        engine="portable",
        job_endpoint=f"localhost:{port}",
        worker_pool="localhost:50000",
    )


def test_one_that_listens_is_taken() -> None:
    with socket.create_server(("localhost", 0)) as listening:
        check_engine(engine(listening.getsockname()[1]))
    check_engine(BeamConfig())


def test_a_run_without_its_job_service_ends_before_anything_is_loaded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("localhost", 0)) as closed:
        port = closed.getsockname()[1]

    code = main(
        [
            "run",
            "--set=beam.engine=portable",
            f"--set=beam.job_endpoint=localhost:{port}",
            "--set=beam.worker_pool=localhost:50000",
        ]
    )

    (line,) = capsys.readouterr().err.splitlines()
    assert code == 1
    assert line.startswith(
        "carseg: beam.job_endpoint must be a job service that answers, got"
        f" localhost:{port}: "
    )
    assert line.endswith("; start it (docs/beam.md) or name another")


@pytest.mark.parametrize(
    "master", ["flink_master=flink:8081", "spark_master=spark://spark:7077"]
)
def test_a_jar_that_is_not_there_is_refused_before_anything_is_loaded(
    master: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jar = tmp_path / "job-server.jar"
    fields = [f"engine={master.partition('_')[0]}", master, "worker_pool=pool:50000"]
    root = tmp_path / "runs"

    code = main(
        ["run", f"--root={root}", f"--set=beam.job_server_jar={jar}"]
        + [f"--set=beam.{field}" for field in fields]
    )

    assert (code, capsys.readouterr().err) == (
        2,
        "carseg: beam.job_server_jar must be a URL or an existing file, got"
        f" '{jar}'; docs/beam.md says which jar it is\n",
    )
    assert not root.exists()


def test_a_jar_that_is_there_or_elsewhere_is_taken(tmp_path: Path) -> None:
    here = tmp_path / "job-server.jar"
    here.write_bytes(b"PK")
    for jar in (str(here), "https://repo.example/job-server.jar", "gs://cars/a.jar"):
        check_engine(
            BeamConfig(
                engine="flink",
                flink_master="flink:8081",
                job_server_jar=jar,
                worker_pool="pool:50000",
            )
        )


def test_workers_that_see_no_folder_of_the_command_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cloud = {
        "engine": "dataflow",
        "project": "cars",
        "region": "europe-west4",
        "temp_location": "gs://cars/tmp",
        "sdk_container_image": "registry/carseg:1.0",
    }

    code = main(["run", *(f"--set=beam.{name}={cloud[name]}" for name in cloud)])

    assert (code, capsys.readouterr().err) == (
        1,
        "carseg: beam.engine must have workers that see the folders of this command,"
        " got dataflow, whose workers have no folder in common with it; take flink or"
        " spark on nodes that share a volume, or direct (docs/beam.md)\n",
    )
