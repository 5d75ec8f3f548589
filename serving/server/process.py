"""Starts the server from its command line and returns the exit code."""

from __future__ import annotations

import importlib.metadata
import logging
import os
import socket
import sys
from collections.abc import Sequence

from serving.server.docker_command import docker_command, left_out
from serving.server.errors import InvalidArgumentError, ServingError
from serving.server.flags import FlagsError, ServerFlags, parse_flags
from serving.server.settings.batching_config import read_batching
from serving.server.settings.grpc_settings import grpc_settings
from serving.server.settings.model_config import ModelSettings, read_model_config
from serving.server.settings.monitoring_config import read_metrics_path
from serving.server.settings.request_log_folder import prepare_request_log_folder
from serving.server.stop_signal import StopSignal

DONE = 0
FAILED = 1
WRONG_USAGE = 2
NOT_STARTED = 255  # where tensorflow_model_server ends with -1

_LOG = logging.getLogger(__name__)


def serve(argv: Sequence[str], *, prog: str = "python -m serving.server") -> int:
    """Serves until a signal comes; returns the exit code.

    All that can be wrong with the command line is said before TensorFlow is loaded.
    """
    try:
        flags = parse_flags(argv, prog=prog)
    except FlagsError as err:
        return _refuse(prog, str(err), WRONG_USAGE)
    if flags is None:
        print(_versions())
        return DONE
    stop = StopSignal()
    stop.install()
    _start_logging()
    try:
        return _serve(flags, stop)
    except ServingError as err:
        reason = f"Failed to start server. Error: {err}"
        return _refuse(prog, reason, NOT_STARTED)
    except OSError as err:
        return _refuse(prog, str(err), FAILED)


def _serve(flags: ServerFlags, stop: StopSignal) -> int:
    models = _models(flags)
    if flags.print_tensorflow_serving:
        for line in left_out(flags):
            print(line, file=sys.stderr)
        print(docker_command(flags, [model.base_path for model in models]))
        return DONE
    metrics_path = (
        read_metrics_path(flags.monitoring_config_file)
        if flags.monitoring_config_file
        else None
    )
    if flags.request_log:
        prepare_request_log_folder(flags.request_log)
    batching = read_batching(
        enabled=flags.enable_batching, path=flags.batching_parameters_file
    )
    grpc = grpc_settings(flags)
    _bind(flags.bind, flags.port, "port").close()  # gRPC opens it itself, later
    listener = _rest_listener(flags)
    _say_address(flags)
    # Imported here: TensorFlow takes seconds, and every mistake is found before it.
    from serving.server.lifecycle import ModelServer

    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    ModelServer(
        flags,
        models,
        grpc=grpc,
        rest_listener=listener,
        metrics_path=metrics_path,
        batching=batching,
    ).run(stop)
    return DONE


def _models(flags: ServerFlags) -> tuple[ModelSettings, ...]:
    if flags.model_config_file:
        return read_model_config(flags.model_config_file)
    if not flags.model_base_path:
        raise InvalidArgumentError(
            "Both server_options.model_base_path and server_options.model_config_file"
            " are empty! Give --model_base_path=DIR, the folder of 1/, 2/ ..."
        )
    path = flags.model_base_path
    if "://" not in path:
        path = os.path.abspath(path)
    return (ModelSettings(name=flags.model_name, base_path=path),)


def _rest_listener(flags: ServerFlags) -> socket.socket | None:
    if not flags.rest_api_port:
        return None
    if flags.rest_api_port == flags.port:
        _LOG.error(
            "--rest_api_port cannot be same as --port, both are %d. Please use a"
            " different port for HTTP/REST API. Skipped exporting HTTP/REST API.",
            flags.port,
        )
        return None
    return _bind(flags.bind, flags.rest_api_port, "rest_api_port")


def _bind(host: str, port: int, flag: str) -> socket.socket:
    """Takes a port without listening: nobody can connect yet, nobody else can have it.

    Raises:
        OSError: In one line with the way out.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, else asyncio would not switch Nagle's delay off.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as err:
        listener.close()
        raise OSError(
            f"--{flag} must be free, {host}:{port} cannot be had ({err.strerror}); stop"
            f" what uses it, or choose another --{flag} or --bind"
        ) from err
    return listener


def _say_address(flags: ServerFlags) -> None:
    if flags.bind in ("127.0.0.1", "::1", "localhost"):
        _LOG.info(
            "will listen on %s: only this machine can connect; --bind=0.0.0.0 opens the"
            " server to every network",
            flags.bind,
        )
    else:
        _LOG.info(
            "will listen on %s: other machines can connect; there is %s",
            flags.bind,
            "TLS for gRPC, nothing for REST"
            if flags.ssl_config_file
            else "neither encryption nor a password",
        )


def _start_logging() -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname).1s %(message)s",
    )


def _versions() -> str:
    ours, tensorflow = (
        importlib.metadata.version(name) for name in ("carseg", "tensorflow")
    )
    return f"TensorFlow ModelServer: carseg {ours}\nTensorFlow Library: {tensorflow}"


def _refuse(prog: str, reason: str, code: int) -> int:
    print(f"{prog}: {' '.join(reason.split())}", file=sys.stderr)
    return code
