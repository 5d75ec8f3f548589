"""Other Python servers for the same SavedModel, each in an environment of its own.

The environments are made on first use, under `build/benchmarks`. All run the model
through a Session, as this project's server does. Of the settings that the peers
document these were tried with the trivial and the 2 ms model, 1 and 4 clients, 2 cores:

- KServe: `predict` in threads by `run_in_executor`, which wins as soon as a model takes
  time, or in the event loop, which wins with the trivial one and is used for that. One
  REST worker: with two, each answer waits 40 ms for the client's acknowledgement, since
  Nagle's algorithm is on there. gRPC has one process in any case. No latency log.
- PyTriton: 1, 2 and 4 callables; batching off, or up to 4 or 8 photos at once. One
  callable with batching is ahead or as good.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.serving_models import TRIVIAL
from benchmarks.serving_processes import free_ports, running
from benchmarks.serving_ways import NAME
from benchmarks.serving_worker import ROOT, CannotMeasureError

ENVIRONMENTS = ROOT / "build/benchmarks"
TENSORFLOW = "tensorflow-cpu==2.16.2"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A server that is installed and started.

    Attributes:
        packages: What pip installs.
        script: Starts it with the model.
        flags: Its settings; `{http}` and `{grpc}` are ports, `{folder}` is its own.
        own_flags: What is added for one of the models, by name.
        ways: How it is asked, over gRPC and over HTTP.
    """

    packages: tuple[str, ...]
    script: str
    flags: tuple[str, ...]
    ways: tuple[str, str]
    own_flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


PEERS = {
    "kserve": Peer(
        packages=("kserve==0.13.1", TENSORFLOW),
        script="serving_kserve_server.py",
        flags=(
            *("--http_port={http}", "--grpc_port={grpc}"),
            "--enable_latency_logging=false",
        ),
        own_flags={TRIVIAL: ("--in-loop",)},
        ways=("KServe gRPC", "KServe REST"),
    ),
    "pytriton": Peer(
        packages=("nvidia-pytriton==0.7.0", TENSORFLOW),
        script="serving_pytriton_server.py",
        flags=(
            *("--http-port={http}", "--grpc-port={grpc}", "--batch-size=8"),
            "--workspace={folder}/pytriton",
        ),
        ways=("PyTriton gRPC", "PyTriton HTTP"),
    ),
}


@contextlib.contextmanager
def running_peer(
    name: str, title: str, model: Path, folder: Path
) -> Iterator[dict[str, str]]:
    """Installs a peer if it is not, and runs it; yields the ports by way.

    Args:
        name: One of `PEERS`.
        title: The model's name in `serving_models`.
        model: Its SavedModel.
        folder: For the log and what the peer writes.

    Raises:
        CannotMeasureError: It cannot be installed or does not start.
    """
    peer = PEERS[name]
    python = install(peer, ENVIRONMENTS / name)
    http_port, grpc_port = free_ports(2)
    values = {"http": http_port, "grpc": grpc_port, "folder": folder}
    flags = [*peer.flags, *peer.own_flags.get(title, ())]
    command = [
        *(str(python), str(Path(__file__).with_name(peer.script))),
        *("--model", str(model), *(flag.format(**values) for flag in flags)),
    ]
    # Triton's stub looks for the library of Python, which is not always in the path.
    libraries = {"LD_LIBRARY_PATH": str(sysconfig.get_config_var("LIBDIR"))}
    log, path = folder / f"{name}.log", f"/v2/models/{NAME}/ready"
    with running(command, log, http_port, path, libraries):
        yield dict(zip(peer.ways, (str(grpc_port), str(http_port)), strict=True))


def install(peer: Peer, environment: Path) -> Path:
    """Returns the interpreter of the peer's environment, which is made if need be."""
    python, packages = environment / "bin/python", "\n".join(peer.packages)
    note = environment / "installed.txt"
    if note.exists() and note.read_text() == packages:
        return python
    print(f"installing {', '.join(peer.packages)}", file=sys.stderr)
    run_installer(sys.executable, "-m", "venv", "--clear", str(environment))
    run_installer(str(python), "-m", "pip", "install", "--quiet", *peer.packages)
    note.write_text(packages)
    return python


def run_installer(*command: str) -> None:
    """Runs a command that says why it fails in its last line."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines() or ["(no words)"]
        raise CannotMeasureError(f"it cannot be installed: {words[-1]}")
