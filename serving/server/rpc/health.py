"""The standard service grpc.health.v1.Health, as gRPC's C++ servers answer it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from serving.server.errors import InvalidArgumentError, NotFoundError
from serving.server.rpc.status import abort
from serving.server.settings.small_message import INT32, STRING, message_class

NAME = "grpc.health.v1.Health"
# TensorFlow Serving reports on these, and not on the services' full names.
_KNOWN = ("", "ModelService", "PredictionService")
_MAX_NAME = 200  # characters; see default_health_check_service.cc of gRPC

_Request = message_class("HealthCheckRequest", {"service": (1, STRING)})
_Response = message_class("HealthCheckResponse", {"status": (1, INT32)})

Send = Callable[[bytes | None], None]


class _Status(IntEnum):
    SERVING = 1
    NOT_SERVING = 2
    SERVICE_UNKNOWN = 3


class Health:
    """Serving from the first moment until `stop`; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: dict[int, tuple[str, Send]] = {}

    def handler(self) -> grpc.GenericRpcHandler:
        """Returns what a gRPC server is given."""
        return grpc.method_handlers_generic_handler(
            NAME,
            {
                "Check": grpc.unary_unary_rpc_method_handler(self._check),
                "Watch": grpc.unary_stream_rpc_method_handler(_Watch(self._watch)),
            },
        )

    def stop(self) -> None:
        """Tells every watcher that serving ends, and ends its call."""
        with self._lock:
            watchers = list(self._watchers.values())
            self._watchers.clear()
        for service, send in watchers:
            if service in _KNOWN:
                send(_encode(_Status.NOT_SERVING))
            send(None)

    def _check(self, data: bytes, context: Any) -> bytes:
        try:
            if _service_of(data) not in _KNOWN:
                raise NotFoundError("service name unknown")
        except Exception as err:
            abort(context, err)
        return _encode(_Status.SERVING)

    def _watch(self, data: bytes, context: Any, send: Send) -> None:
        try:
            service = _service_of(data)
        except Exception as err:
            abort(context, err)
        known = service in _KNOWN
        with self._lock:
            if not context.add_callback(lambda: self._forget(id(context))):
                return  # its client has gone already
            self._watchers[id(context)] = service, send
            send(_encode(_Status.SERVING if known else _Status.SERVICE_UNKNOWN))

    def _forget(self, watcher: int) -> None:
        with self._lock:
            self._watchers.pop(watcher, None)


class _Watch:
    """Marks a method that answers by a callback, so that no thread waits in it."""

    experimental_non_blocking = True  # as gRPC's own health service for Python does

    def __init__(self, method: Callable[[bytes, Any, Send], None]) -> None:
        self._method = method

    def __call__(self, data: bytes, context: Any, send: Send) -> None:
        self._method(data, context, send)


def _service_of(data: bytes) -> str:
    try:
        service = str(_Request.FromString(data).service)
    except DecodeError as err:
        raise InvalidArgumentError("could not decode request") from err
    if len(service) > _MAX_NAME:
        raise InvalidArgumentError("could not decode request")
    return service


def _encode(status: _Status) -> bytes:
    data: bytes = _Response(status=int(status)).SerializeToString()
    return data
