"""The server's command line: tensorflow_model_server's flags, and a few of its own."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NoReturn

from serving.server.flag_texts import OWN_FLAGS, SHARED_FLAGS

DEFAULT_MAX_IMAGE_PIXELS = 100_000_000
DEFAULT_MAX_REQUEST_BYTES = 2**30
_DEFAULT_GRPC_THREADS = 64
_MAX_PORT = 65535

# Flags of tensorflow_model_server 2.16 for what neither this project's models nor its
# users have: TFLite, ALTS, other platforms, a thread pool written in C++.
_REFUSED = (
    "platform_config_file",
    "prefer_tflite_model",
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
    grpc_max_threads: int = _DEFAULT_GRPC_THREADS
    grpc_channel_arguments: str = ""
    enable_grpc_healthcheck_service: bool = False
    ssl_config_file: str = ""
    rest_api_port: int = 0
    rest_api_timeout_in_ms: int = 30_000
    rest_api_num_threads: int = 0
    rest_api_enable_cors_support: bool = False
    model_name: str = "default"
    model_base_path: str = ""
    model_config_file: str = ""
    model_config_file_poll_wait_seconds: int = 0
    allow_version_labels_for_unavailable_models: bool = False
    file_system_poll_wait_seconds: int = 1
    max_num_load_retries: int = 5
    load_retry_interval_micros: int = 60_000_000
    num_load_threads: int = 0
    num_unload_threads: int = 0
    enable_batching: bool = False
    batching_parameters_file: str = ""
    enable_per_model_batching_parameters: bool = False
    enable_model_warmup: bool = True
    num_request_iterations_for_warmup: int = 1
    enable_signature_method_name_check: bool = False
    saved_model_tags: str = "serve"
    tensorflow_session_parallelism: int = 0
    tensorflow_intra_op_parallelism: int = 0
    tensorflow_inter_op_parallelism: int = 0
    per_process_gpu_memory_fraction: float = 0.0
    monitoring_config_file: str = ""
    flush_filesystem_caches: bool = True
    remove_unused_fields_from_bundle_metagraph: bool = True
    enable_profiler: bool = True
    bind: str = "127.0.0.1"
    drain_seconds: float = 10.0
    max_image_pixels: int = DEFAULT_MAX_IMAGE_PIXELS
    max_request_bytes: int = DEFAULT_MAX_REQUEST_BYTES
    max_request_seconds: float = 600.0
    max_queued_requests: int = 1000
    request_log: str = ""
    request_log_sampling_rate: float = 1.0
    print_tensorflow_serving: bool = False

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
        if self.request_log_sampling_rate > 1:
            raise FlagsError(
                "--request_log_sampling_rate must be 0..1, got"
                f" {self.request_log_sampling_rate:g}"
            )
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
        epilog=f"refused: {', '.join('--' + name for name in _REFUSED)}",
    )
    shared = parser.add_argument_group("flags of tensorflow_model_server")
    for name, kind, text in SHARED_FLAGS:
        _add(shared, name, kind, text)
    shared.add_argument("--version", action="store_true", help="print versions")
    own = parser.add_argument_group("own flags, which tensorflow_model_server lacks")
    for name, kind, text in OWN_FLAGS:
        _add(own, name, kind, text)
    refused = parser.add_argument_group("refused")
    for name in _REFUSED:
        refused.add_argument(
            f"--{name}", nargs="?", action=_Refused, help=argparse.SUPPRESS
        )
    return parser


def parse_flags(argv: Sequence[str], *, prog: str) -> ServerFlags | None:
    """Returns the flags; None where only the version is asked for.

    Raises:
        FlagsError: A flag is unknown, has no function here, or its value is impossible.
    """
    given = vars(build_parser(prog).parse_args(list(argv)))
    if given.pop("version"):
        return None
    names = {field.name for field in fields(ServerFlags)}
    return ServerFlags(**{name: given[name] for name in names})


class _Refused(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        raise FlagsError(
            f"{option_string} has no function in this server; leave it out, or use the"
            " tensorflow/serving image on the same model folder"
        )


def _bool(text: str) -> bool:
    values = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in values:
        raise argparse.ArgumentTypeError(f"must be true or false, got {text!r}")
    return values[text.lower()]


def _spellings(name: str) -> list[str]:
    """Returns a flag as it can be written: this one also in the way of a command."""
    if name == "print_tensorflow_serving":
        return [f"--{name}", f"--{name.replace('_', '-')}"]
    return [f"--{name}"]


def _add(group: argparse._ArgumentGroup, name: str, kind: type, text: str) -> None:
    default = getattr(ServerFlags, name)
    shown = str(default).lower() if isinstance(default, bool) else default
    words = f"{text} ({shown})" if shown != "" else text
    if kind is bool:
        group.add_argument(
            *_spellings(name),
            nargs="?",
            const=True,
            default=default,
            type=_bool,
            help=words,
        )
    else:
        group.add_argument(f"--{name}", default=default, type=kind, help=words)
