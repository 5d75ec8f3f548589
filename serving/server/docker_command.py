"""The command that serves the same models with the official image."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from serving.server.errors import InvalidArgumentError
from serving.server.flag_texts import OWN_FLAGS, SHARED_FLAGS
from serving.server.flags import ServerFlags

IMAGE = "tensorflow/serving:2.16.1"
# The image's entrypoint sets these itself: they always must be said.
_ALWAYS = ("port", "rest_api_port", "model_name")
_FILES = (
    "model_config_file",
    "batching_parameters_file",
    "monitoring_config_file",
    "ssl_config_file",
)
_PATHS = (*_FILES, "model_base_path", "grpc_socket_path")
_EVERYWHERE = ("0.0.0.0", "::")


def docker_command(flags: ServerFlags, base_paths: Iterable[str]) -> str:
    """Returns one line for a shell.

    Every folder and file has the same path inside as outside, so that the
    configuration's own paths hold in both.

    Args:
        flags: The server's command line; its own flags are left out.
        base_paths: Those of the models; what is a URI is not mounted.

    Raises:
        InvalidArgumentError: A path cannot be mounted.
    """
    words = ["docker", "run", "--rm"]
    for port in dict.fromkeys((flags.port, flags.rest_api_port)):
        if port:
            words += ["-p", f"{_published(flags.bind)}{port}:{port}"]
    for path, mode in _mounts(flags, base_paths):
        words += ["-v", f"{path}:{path}{mode}"]
    return shlex.join([*words, IMAGE, *_shared_flags(flags)])


def left_out(flags: ServerFlags) -> list[str]:
    """Returns a line for each own flag of the command line: the image lacks it."""
    notes = {"bind": "; -p names the address"}
    return [
        f"# left out: --{name}={getattr(flags, name)}{notes.get(name, '')}"
        for name, _, _ in OWN_FLAGS
        if name != "print_tensorflow_serving" and _is_set(flags, name)
    ]


def _published(bind: str) -> str:
    if bind in _EVERYWHERE:
        return ""
    address = "127.0.0.1" if bind == "localhost" else bind
    return f"[{address}]:" if ":" in address else f"{address}:"


def _mounts(flags: ServerFlags, base_paths: Iterable[str]) -> list[tuple[str, str]]:
    wanted = {path for path in base_paths if "://" not in path}
    wanted |= {
        os.path.abspath(file) for name in _FILES if (file := getattr(flags, name))
    }
    if flags.model_config_file and flags.model_config_file_poll_wait_seconds:
        # A mounted file stays what it was when another one takes its name.
        wanted.add(os.path.dirname(os.path.abspath(flags.model_config_file)))
    mounts = [(path, ":ro") for path in _outermost(wanted)]
    if flags.grpc_socket_path:
        mounts.append((os.path.dirname(os.path.abspath(flags.grpc_socket_path)), ""))
    for path, _ in mounts:
        if ":" in path:
            raise InvalidArgumentError(
                f"docker -v takes no path with a colon, got {path!r}; rename it"
            )
    return mounts


def _outermost(paths: Iterable[str]) -> Sequence[str]:
    known = {Path(path) for path in paths}
    return sorted(str(path) for path in known if not known & set(path.parents))


def _shared_flags(flags: ServerFlags) -> list[str]:
    words = []
    for name, kind, _ in SHARED_FLAGS:
        value = getattr(flags, name)
        if name in _ALWAYS or _is_set(flags, name):
            if name in _PATHS and "://" not in value:
                value = os.path.abspath(value)
            text = str(value).lower() if kind is bool else str(value)
            words.append(f"--{name}={text}")
    return words


def _is_set(flags: ServerFlags, name: str) -> bool:
    (default,) = (field.default for field in fields(flags) if field.name == name)
    return bool(getattr(flags, name) != default)
