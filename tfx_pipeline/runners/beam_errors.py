"""What Beam makes of an interrupt, or of a worker that is gone, as what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from tfx_pipeline.config.beam import BeamConfig

# Beam hands an error of another process on as text, its traceback included. A call of
# gRPC that fails in a call holds the inner error's text: the innermost reason is the
# one whose quotes close on its line.
_REASON = re.compile(r'^\tdetails = "(.*)"$', re.MULTILINE)
# Not the line of source in a traceback that says it.
_NOT_STARTED = re.compile(
    r"^(?:RuntimeError: )?Error starting worker: (.+)$", re.MULTILINE
)
_LOST = ("grpc._channel._", "grpc.aio._call.")


class BeamConnectionError(ConnectionError):
    """A job service or a worker of Beam does not answer."""


@contextmanager
def as_plain_errors(config: BeamConfig) -> Iterator[None]:
    """Turns lost calls between the processes of Beam into one line.

    An interrupt inside of Beam's work becomes one again; any other error passes.

    Raises:
        KeyboardInterrupt: The work was interrupted.
        BeamConnectionError: The engine, and the reason.
    """
    try:
        yield
    except (grpc.RpcError, RuntimeError) as err:
        # Beam hands on what its work raised as the text of a traceback.
        if "KeyboardInterrupt" in str(err).strip().rpartition("\n")[2]:
            raise KeyboardInterrupt from err
        reason = lost_call(err)
        if reason is None:
            raise
        raise BeamConnectionError(
            f"beam.engine={config.engine} must have a job service and workers that"
            f" answer, got: {reason}; start them (docs/beam.md) and run the same"
            " command to go on"
        ) from err


def lost_call(err: Exception) -> str | None:
    """Returns which call between processes failed; None where it is another error."""
    text = str(err)
    if match := _NOT_STARTED.search(text):
        return match[1]
    if not isinstance(err, grpc.RpcError) and not any(name in text for name in _LOST):
        return None
    reasons = _REASON.findall(text)
    return reasons[0] if reasons else " ".join(text.split())[:200]
