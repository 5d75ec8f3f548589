"""Serves a packaged model with a real server and tries everything on it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from components.serving_validator.call_error import CallError
from components.serving_validator.checks import (
    PhotoClient,
    check_bad_photo,
    check_batch,
    check_bound,
    check_masks,
    check_signatures,
    check_warmup,
    measure_latency,
)
from components.serving_validator.command import fill_command
from components.serving_validator.grpc_client import GrpcClient
from components.serving_validator.package_contents import PackageContents, read_package
from components.serving_validator.rest_client import RestClient
from components.serving_validator.server_process import (
    HOST,
    ServerProcess,
    free_ports,
    running_server,
    without_folders,
)
from components.serving_validator.settings import ServingSettings
from components.serving_validator.signatures import (
    plain_json_signatures,
    plain_signatures,
)
from components.serving_validator.validation import Check, Validation
from components.serving_validator.wait_for_model import quote_log, wait_for_model

VERSION = 1
_STOP_TIMEOUT_S = 20.0
_ENDING_S = 1.0


@dataclass
class _Findings:
    checks: list[Check] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    masks: list[dict[str, Any]] = field(default_factory=list)
    server_log: list[str] = field(default_factory=list)


def validate_model(folder: Path, settings: ServingSettings) -> Validation:
    """Returns what a server makes of a packaged SavedModel; never raises on findings.

    Args:
        folder: The packaged SavedModel; it is only read.
        settings: Command and bounds.
    """
    found = _Findings()
    try:
        package = read_package(folder)
    except ValueError as err:
        sentence = without_folders(str(err))
        found.checks.append(Check(name="package", passed=False, sentence=sentence))
    else:
        with tempfile.TemporaryDirectory(prefix="carseg-serving-") as work:
            _offer_model(folder, Path(work, settings.model_name))
            _serve(package, Path(work), settings, found)
    return Validation(model_name=settings.model_name, **vars(found))


def _offer_model(folder: Path, base_path: Path) -> None:
    """Makes the model a version for servers; hard links where the disk allows them.

    No symbolic link: inside a container it would lead nowhere.
    """
    shutil.copytree(folder, base_path / str(VERSION), copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _serve(
    package: PackageContents, work: Path, settings: ServingSettings, found: _Findings
) -> None:
    ports = free_ports(2)
    values = {
        "python": sys.executable,
        "port": ports[0],
        "rest_port": ports[1],
        "model_name": settings.model_name,
        "base_path": work / settings.model_name,
    }
    command = fill_command(settings.command, values)
    start = time.monotonic()
    with running_server(command, work / "server.log", _STOP_TIMEOUT_S) as server:
        loaded = wait_for_model(server, ports, settings)
        found.figures["load_s"] = time.monotonic() - start
        found.checks.append(loaded)
        if loaded.passed:
            _try_everything(package, server, ports, settings, found)
        if server.exit_code is None:
            found.figures["peak_memory_mb"] = server.peak_memory_mb()
        if not all(check.passed for check in found.checks):
            found.server_log = server.log_end()
    found.checks += _check_bounds(settings, found)


def _try_everything(
    package: PackageContents,
    server: ServerProcess,
    ports: list[int],
    settings: ServingSettings,
    found: _Findings,
) -> None:
    grpc_address, rest_address = (f"{HOST}:{port}" for port in ports)
    name, timeout_s = settings.model_name, settings.request_timeout_s
    rest = RestClient(rest_address, name, timeout_s)
    with GrpcClient(grpc_address, name, timeout_s) as grpc_client:
        steps: list[Callable[[], None]] = [
            lambda: _try_metadata(package, grpc_client, rest, found),
            lambda: found.checks.append(check_warmup(grpc_client, package.warmup)),
            lambda: _try_photos(package, grpc_client, settings, found),
            lambda: _try_photos(package, rest, settings, found),
        ]
        for step in steps:
            step()
            # A process is seen to be gone a little after its answers are.
            if not found.checks[-1].passed and server.has_ended(_ENDING_S):
                break
    if server.exit_code is not None:
        sentence = (
            "the server must live through all requests, it ended with exit code"
            f" {server.exit_code}; {quote_log(server)}"
        )
        found.checks.append(Check(name="alive", passed=False, sentence=sentence))


def _try_metadata(
    package: PackageContents,
    grpc_client: GrpcClient,
    rest: RestClient,
    found: _Findings,
) -> None:
    asked = {
        grpc_client.protocol: lambda: plain_signatures(grpc_client.signatures()),
        rest.protocol: lambda: plain_json_signatures(rest.signatures()),
    }
    for protocol, ask in asked.items():
        try:
            check = check_signatures(protocol, package.signatures, ask())
        except (CallError, KeyError, AttributeError) as err:
            sentence = f"{protocol}: the metadata must be given, got {err!r}"
            check = Check(name="signatures", passed=False, sentence=sentence)
        found.checks.append(check)


def _try_photos(
    package: PackageContents,
    client: PhotoClient,
    settings: ServingSettings,
    found: _Findings,
) -> None:
    answers, share = package.answers, settings.max_differing_share
    check, masks = check_masks(client, answers, share)
    found.checks.append(check)
    found.masks += masks
    if check.passed:  # else a batch would say the same once more
        found.checks.append(check_batch(client, answers, share))
    try:
        times_ms = measure_latency(client, answers, settings.latency_requests)
    except CallError as err:
        sentence = f"{client.protocol}: a photo must be answered each time, got {err}"
        found.checks.append(Check(name="latency", passed=False, sentence=sentence))
    else:
        for percent in (50, 95):
            figure = f"{client.protocol.lower()}_p{percent}_ms"
            found.figures[figure] = float(np.percentile(times_ms, percent))
    found.checks.append(check_bad_photo(client, answers[0]))


def _check_bounds(settings: ServingSettings, found: _Findings) -> list[Check]:
    """Judges the figures that there are; where one is missing, a check has failed."""
    p95_ms = [value for name, value in found.figures.items() if "_p95_" in name]
    return [
        *check_bound(
            "max_load_s",
            found.figures.get("load_s"),
            settings.max_load_s,
            "load time, s,",
        ),
        *check_bound(
            "max_p95_ms",
            max(p95_ms, default=None),
            settings.max_p95_ms,
            "95th percentile, ms,",
        ),
        *check_bound(
            "max_memory_mb",
            found.figures.get("peak_memory_mb"),
            settings.max_memory_mb,
            "peak memory, MB,",
        ),
    ]
