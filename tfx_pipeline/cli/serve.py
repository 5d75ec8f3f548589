"""`carseg serve`: the model server, with TensorFlow Serving's flags."""

from __future__ import annotations

import argparse

from serving.server.process import DONE as SERVED
from serving.server.process import WRONG_USAGE as WRONG_FLAGS
from serving.server.process import serve
from tfx_pipeline.cli.exit_codes import DONE, FAILED, WRONG_USAGE

# What the server's own code says beyond these is a failure, whatever its number.
_CODES = {SERVED: DONE, WRONG_FLAGS: WRONG_USAGE}


def run(args: argparse.Namespace) -> int:
    """Serves until Ctrl-C or SIGTERM."""
    return _CODES.get(serve(args.flags, prog="carseg serve"), FAILED)
