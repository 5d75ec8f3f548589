"""The stub server as a process of its own, which writes down who and how it is."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path

from tests.serving.client.stub_server import StubModel, grpc_stub


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rest_api_port", type=int, required=True)
    parser.add_argument("--model_name", required=True)
    parser.add_argument("--model_base_path", type=Path, required=True)
    parser.add_argument("--max_num_load_retries", type=int)
    parser.add_argument("--stubborn", action="store_true")
    args = parser.parse_args()
    (version,) = args.model_base_path.iterdir()
    (version / "pid").write_text(str(os.getpid()))
    (version / "version").write_text(version.name)
    stop = threading.Event()
    signal.signal(
        signal.SIGTERM,
        signal.SIG_IGN if args.stubborn else lambda *_signal: stop.set(),
    )
    model = StubModel(name=args.model_name, faults=[0.0] * 3 + [0.3] * 999)
    with grpc_stub(model, args.port):
        stop.wait()
    (version / "stopped").touch()


if __name__ == "__main__":
    main()
