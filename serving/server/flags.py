"""The server's command line: tensorflow_model_server's flags, and a few of its own."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NoReturn

DEFAULT_MAX_IMAGE_PIXELS = 100_000_000
_DEFAULT_GRPC_THREADS = 64
_MAX_PORT = 65535

# Flags of tensorflow_model_server 2.16 that would need a function that is not here.
_NOT_YET = (
    "allow_version_labels_for_unavailable_models",
    "batching_parameters_file",
    "enable_batching",
    "enable_grpc_healthcheck_service",
    "enable_per_model_batching_parameters",
    "enable_profiler",
    "enable_signature_method_name_check",
    "flush_filesystem_caches",
    "grpc_channel_arguments",
    "model_config_file_poll_wait_seconds",
    "num_load_threads",
    "num_unload_threads",
    "per_process_gpu_memory_fraction",
    "platform_config_file",
    "prefer_tflite_model",
    "remove_unused_fields_from_bundle_metagraph",
    "rest_api_enable_cors_support",
    "ssl_config_file",
    "tensorflow_session_parallelism",
    "thread_pool_factory_config_file",
    "use_alts_credentials",
)


class FlagsError(ValueError):
    """A command line that cannot be followed."""


@dataclass(frozen=True, kw_only=True)
class ServerFlags:
    """A checked command line; the fields are the flags, `--help` describes them."""

    port: int = 8500
    grpc_socket_path: str = ""
    rest_api_port: int = 0
    rest_api_timeout_in_ms: int = 30_000
    rest_api_num_threads: int = 0
    grpc_max_threads: int = _DEFAULT_GRPC_THREADS
    model_name: str = "default"
    model_base_path: str = ""
    model_config_file: str = ""
    file_system_poll_wait_seconds: int = 1
    max_num_load_retries: int = 5
    load_retry_interval_micros: int = 60_000_000
    enable_model_warmup: bool = True
    num_request_iterations_for_warmup: int = 1
    saved_model_tags: str = "serve"
    tensorflow_intra_op_parallelism: int = 0
    tensorflow_inter_op_parallelism: int = 0
    monitoring_config_file: str = ""
    bind: str = "127.0.0.1"
    drain_seconds: float = 10.0
    max_image_pixels: int = DEFAULT_MAX_IMAGE_PIXELS

    def __post_init__(self) -> None:
        for name, lowest in (("port", 1), ("rest_api_port", 0)):
            value = getattr(self, name)
            if not lowest <= value <= _MAX_PORT:
                raise FlagsError(f"--{name} must be {lowest}..{_MAX_PORT}, got {value}")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int | float) and value < 0:
                raise FlagsError(f"--{field.name} must be 0 or more, got {value}")
        for name in ("grpc_max_threads", "num_request_iterations_for_warmup"):
            if getattr(self, name) < 1:
                raise FlagsError(f"--{name} must be 1 or more, got 0")
        if not self.tags:
            raise FlagsError("--saved_model_tags must name a tag, got none; try serve")

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the graph to load."""
        return tuple(tag for tag in self.saved_model_tags.split(",") if tag)

    @property
    def rest_threads(self) -> int:
        """Threads that work on REST requests."""
        return self.rest_api_num_threads or 4 * (os.cpu_count() or 1)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise FlagsError(f"{message}; see --help")


def build_parser(prog: str) -> argparse.ArgumentParser:
    """Returns the parser; `prog` is what the user typed."""
    parser = _Parser(
        prog=prog,
        allow_abbrev=False,
        description="Serves SavedModels over TensorFlow Serving's gRPC and REST API.",
        epilog=f"not supported yet: {', '.join('--' + name for name in _NOT_YET)}",
    )
    shared = parser.add_argument_group("flags of tensorflow_model_server")
    for name, kind, text in _SHARED:
        _add(shared, name, kind, text)
    shared.add_argument("--version", action="store_true", help="print versions")
    own = parser.add_argument_group("own flags, which tensorflow_model_server lacks")
    for name, kind, text in _OWN:
        _add(own, name, kind, text)
    refused = parser.add_argument_group("refused")
    for name in _NOT_YET:
        refused.add_argument(
            f"--{name}", nargs="?", action=_NotYet, help=argparse.SUPPRESS
        )
    return parser


def parse_flags(argv: Sequence[str], *, prog: str) -> ServerFlags | None:
    """Returns the flags; None where only the version is asked for.

    Raises:
        FlagsError: A flag is unknown, not supported yet, or its value impossible.
    """
    given = vars(build_parser(prog).parse_args(list(argv)))
    if given.pop("version"):
        return None
    names = {field.name for field in fields(ServerFlags)}
    return ServerFlags(**{name: given[name] for name in names})


class _NotYet(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        raise FlagsError(
            f"{option_string} is not supported yet by this server; leave it out, or use"
            " the tensorflow/serving image on the same model folder"
        )


def _bool(text: str) -> bool:
    values = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in values:
        raise argparse.ArgumentTypeError(f"must be true or false, got {text!r}")
    return values[text.lower()]


def _add(group: argparse._ArgumentGroup, name: str, kind: type, text: str) -> None:
    default = getattr(ServerFlags, name)
    shown = str(default).lower() if isinstance(default, bool) else default
    words = f"{text} ({shown})" if shown != "" else text
    if kind is bool:
        group.add_argument(
            f"--{name}", nargs="?", const=True, default=default, type=_bool, help=words
        )
    else:
        group.add_argument(f"--{name}", default=default, type=kind, help=words)


_SHARED: tuple[tuple[str, type, str], ...] = (
    ("port", int, "gRPC port"),
    ("grpc_socket_path", str, "also listen for gRPC on this UNIX socket"),
    ("rest_api_port", int, "REST port; 0 is no REST"),
    ("rest_api_timeout_in_ms", int, "milliseconds that a REST request may take"),
    ("rest_api_num_threads", int, "threads for REST; 0 is four per core"),
    ("grpc_max_threads", int, "threads for gRPC"),
    ("model_name", str, "name of the model at --model_base_path"),
    ("model_base_path", str, "folder of version folders such as 1/, 2/"),
    ("model_config_file", str, "text ModelServerConfig; wins over name and path"),
    (
        "file_system_poll_wait_seconds",
        int,
        "seconds between two looks for versions; 0 looks once",
    ),
    ("max_num_load_retries", int, "further tries to load a version"),
    ("load_retry_interval_micros", int, "microseconds between two tries"),
    ("enable_model_warmup", bool, "replay assets.extra/tf_serving_warmup_requests"),
    ("num_request_iterations_for_warmup", int, "times that each request is replayed"),
    ("saved_model_tags", str, "tags of the graph, separated by commas"),
    ("tensorflow_intra_op_parallelism", int, "threads of one operation; 0 is auto"),
    ("tensorflow_inter_op_parallelism", int, "operations at a time; 0 is auto"),
    ("monitoring_config_file", str, "text MonitoringConfig; opens Prometheus metrics"),
)
_OWN: tuple[tuple[str, type, str], ...] = (
    ("bind", str, "address to listen on; 0.0.0.0 is every network"),
    ("drain_seconds", float, "seconds for running requests after SIGTERM or Ctrl-C"),
    (
        "max_image_pixels",
        int,
        "pixels of a picture above which it is refused before decoding; 0 is no limit",
    ),
)
