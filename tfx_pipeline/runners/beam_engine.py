"""Asks whether an engine can do the work of this machine before anything is sent."""

from __future__ import annotations

import socket

from tfx_pipeline.config.beam import BeamConfig

_TIMEOUT_S = 10.0


def check_engine(config: BeamConfig) -> None:
    """Refuses in one line what would otherwise fail late, or wait for hours.

    Raises:
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
    if config.job_endpoint is None:
        return
    host, _, port = config.job_endpoint.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _TIMEOUT_S).close()
    except (OSError, OverflowError) as err:
        reason = " ".join(str(err).split())
        raise ConnectionError(
            f"beam.job_endpoint must be a job service that answers, got"
            f" {config.job_endpoint}: {reason}; start it (docs/beam.md) or name another"
        ) from err
