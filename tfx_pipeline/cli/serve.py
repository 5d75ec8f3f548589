"""`carseg serve`: the model server, with TensorFlow Serving's flags."""

from __future__ import annotations

import argparse

from serving.server.process import serve


def run(args: argparse.Namespace) -> int:
    """Serves until Ctrl-C or SIGTERM; returns the server's own exit code."""
    return serve(args.flags, prog="carseg serve")
