"""Reads the text SSLConfig: the keys of a gRPC port with TLS."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass

from serving.server.errors import InvalidArgumentError
from serving.server.settings.small_message import BOOL, STRING, message_class
from serving.server.settings.text_proto import read_text_proto

_Message = message_class(
    "SSLConfig",
    {
        "server_key": (1, STRING),
        "server_cert": (2, STRING),
        "custom_ca": (3, STRING),
        "client_verify": (4, BOOL),
    },
)


@dataclass(frozen=True, kw_only=True)
class SslConfig:
    """PEM texts that belong together.

    Attributes:
        server_key: The private key.
        server_cert: Its certificate, and those between it and the authority's.
        custom_ca: Certificates of the authorities of the clients.
        client_verify: Whether a client must show a certificate of theirs.
    """

    server_key: bytes
    server_cert: bytes
    custom_ca: bytes
    client_verify: bool


def read_ssl_config(path: str) -> SslConfig:
    """Reads the file of --ssl_config_file.

    Raises:
        InvalidArgumentError: It cannot be read, or TLS cannot work with it.
    """
    message = _Message()
    read_text_proto(path, message, flag="ssl_config_file", kind="SSLConfig")
    config = SslConfig(
        server_key=message.server_key.encode(),
        server_cert=message.server_cert.encode(),
        custom_ca=message.custom_ca.encode(),
        client_verify=message.client_verify,
    )
    try:
        _check(config)
    except (ssl.SSLError, ValueError) as err:
        raise InvalidArgumentError(f"--ssl_config_file {path!r}: {err}") from err
    return config


def _check(config: SslConfig) -> None:
    """Lets OpenSSL read the texts: gRPC would name no reason for refusing them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    file = os.memfd_create("server key and certificate")  # a key never lies on a disk
    try:
        os.write(file, config.server_key + b"\n" + config.server_cert)
        context.load_cert_chain(f"/proc/self/fd/{file}", password=_refuse_password)
    except ssl.SSLError as err:
        raise ValueError(
            "server_key and server_cert must be a PEM key without a password and its"
            f" PEM certificate ({err.reason or err})"
        ) from err
    finally:
        os.close(file)
    if config.client_verify and not config.custom_ca:
        raise ValueError("client_verify must have a custom_ca to verify by, got none")
    if config.custom_ca:
        try:
            context.load_verify_locations(cadata=config.custom_ca.decode("ascii"))
        except (ssl.SSLError, UnicodeDecodeError) as err:
            raise ValueError("custom_ca must be PEM certificates") from err


def _refuse_password() -> str:
    raise ValueError("server_key must not need a password; decrypt it first")
