"""The gRPC side: listens, with TLS or without, and limits what waits and how large."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import grpc

from serving.server.api.service import ModelService
from serving.server.rpc.health import Health
from serving.server.rpc.methods import model_handler, prediction_handler
from serving.server.settings.grpc_settings import Argument, GrpcSettings
from serving.server.settings.ssl_config import SslConfig


class GrpcFront:
    """Listens from its making until `stop`."""

    def __init__(self, service: ModelService, settings: GrpcSettings) -> None:
        """Opens the addresses.

        Raises:
            OSError: An address cannot be had.
        """
        self._health = Health() if settings.health else None
        limit = settings.max_queued
        self._server = grpc.server(
            ThreadPoolExecutor(settings.threads, "grpc"),
            options=_options(settings),
            maximum_concurrent_rpcs=limit and settings.threads + limit,
        )
        self._server.add_generic_rpc_handlers(
            [
                prediction_handler(service, settings.max_request_s),
                model_handler(service, settings.max_request_s),
                *([self._health.handler()] if self._health else []),
            ]
        )
        for address in settings.addresses:
            _listen(self._server, address, settings.ssl)
        self._server.start()

    def stop(self, drain_s: float) -> threading.Event:
        """Takes no further request; those that run may take `drain_s` more seconds.

        Returns:
            Set when all are answered or cut off.
        """
        if self._health is not None:
            self._health.stop()
        stopped: threading.Event = self._server.stop(drain_s)
        return stopped


def _options(settings: GrpcSettings) -> list[Argument]:
    options: dict[str, int | str] = {
        "grpc.max_receive_message_length": settings.max_request_bytes,
        "grpc.max_send_message_length": -1,
        # Else a second server would take half of the requests of the first one's port.
        "grpc.so_reuseport": 0,
    }
    # Of an argument that is given twice, gRPC takes the first.
    return list((options | dict(settings.arguments)).items())


def _listen(server: grpc.Server, address: str, ssl: SslConfig | None) -> None:
    try:
        if ssl is None:
            bound = server.add_insecure_port(address)
        else:
            bound = server.add_secure_port(address, _credentials(ssl))
    except RuntimeError as err:
        raise OSError(f"cannot listen for gRPC on {address}: {err}") from err
    if not bound and not address.startswith("unix:"):
        raise OSError(f"cannot listen for gRPC on {address}")


def _credentials(ssl: SslConfig) -> grpc.ServerCredentials:
    return grpc.ssl_server_credentials(
        [(ssl.server_key, ssl.server_cert)],
        root_certificates=ssl.custom_ca or None,
        require_client_auth=ssl.client_verify,
    )
