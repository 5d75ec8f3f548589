"""Asks whether an engine can do the work of this machine before anything is sent."""

from __future__ import annotations

from pathlib import Path

from tfx_pipeline.config.beam import BeamConfig
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.listening import connect


def check_engine(config: BeamConfig) -> None:
    """Refuses in one line what would otherwise fail late, or wait for hours.

    Raises:
        UsageError: There is no `job_server_jar`.
        ValueError: Workers of this engine cannot see the folders of a command here.
        ConnectionError: Nobody listens at `job_endpoint`. Beam itself would wait for as
            long as a job may take.
    """
    if config.engine == "dataflow":
        raise ValueError(
            "beam.engine must have workers that see the folders of this command, got"
            " dataflow, whose workers have no folder in common with it; take flink or"
            " spark on nodes that share a volume, or direct (docs/beam.md)"
        )
    jar = config.job_server_jar
    if jar is not None and "://" not in jar and not Path(jar).is_file():
        raise UsageError(
            f"beam.job_server_jar must be a URL or an existing file, got {jar!r};"
            " docs/beam.md says which jar it is"
        )
    if config.job_endpoint is None:
        return
    try:
        connect(config.job_endpoint)
    except OSError as err:
        raise ConnectionError(
            f"beam.job_endpoint must be a job service that answers, got"
            f" {config.job_endpoint}: {err}; start it (docs/beam.md) or name another"
        ) from err
