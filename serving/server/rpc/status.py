"""What a request's client is told when it went wrong."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

import grpc

from serving.server.errors import Code, as_serving_error

_LOG = logging.getLogger(__name__)
_MAX_MESSAGE = 1024  # characters; see grpc_status_util.cc of TensorFlow Serving
_CODES = {code.value[0]: code for code in grpc.StatusCode}


def abort(context: Any, err: Exception) -> NoReturn:
    """Ends a call with the status of an exception; logs those that are our fault."""
    error = as_serving_error(err)
    if error.code is Code.INTERNAL:
        _LOG.error("a request failed: %s", error, exc_info=error.__cause__ or err)
    context.abort(_CODES[int(error.code)], cut(error.message))
    raise AssertionError("abort raises")


def cut(message: str) -> str:
    """Returns a message no longer than TensorFlow Serving's."""
    if len(message) <= _MAX_MESSAGE:
        return message
    return f"{message[:_MAX_MESSAGE]}...TRUNCATED"
