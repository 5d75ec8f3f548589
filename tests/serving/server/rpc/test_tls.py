"""TLS for gRPC by SSLConfig, with an authority that is drawn for each run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest

from serving.server.errors import InvalidArgumentError
from serving.server.settings.ssl_config import read_ssl_config
from tests.serving.server.asking import refused
from tests.serving.server.rpc.certificates import Identity, draw_identity, ssl_config
from tests.serving.server.rpc.fronts import answer, answering_with, open_front, raw_call

AUTHORITY = draw_identity("authority")
SERVER = draw_identity("server", AUTHORITY)
CLIENT = draw_identity("client", AUTHORITY)
STRANGER = draw_identity("stranger", draw_identity("another authority"))


def read(folder: Path, text: str) -> Any:
    file = folder / "ssl.config"
    file.write_text(text)
    return read_ssl_config(str(file))


def asked_by(address: str, client: Identity | None) -> bytes | tuple[str, str]:
    """The answer to a client that trusts our authority, or its error."""
    credentials = grpc.ssl_channel_credentials(
        AUTHORITY.certificate_pem.encode(),
        client and client.key_pem.encode(),
        client and client.certificate_pem.encode(),
    )
    with grpc.secure_channel(address, credentials) as channel:
        try:
            return raw_call(channel)(b"", timeout=30)
        except grpc.RpcError as err:
            return err.code().name, err.details()


def service() -> Any:
    return answering_with(lambda _request, _until: answer("seen"))


def test_a_client_that_trusts_the_authority_is_answered(tmp_path: Path) -> None:
    settings = read(tmp_path, ssl_config(SERVER))
    with open_front(service(), ssl=settings) as (_, address):
        assert asked_by(address, None) == answer("seen").SerializeToString()
        with grpc.insecure_channel(address) as channel:
            assert refused(raw_call(channel), b"")[0] == "UNAVAILABLE"


def test_with_client_verify_only_clients_of_the_authority_are_answered(
    tmp_path: Path,
) -> None:
    settings = read(tmp_path, ssl_config(SERVER, AUTHORITY, verify=True))
    with open_front(service(), ssl=settings) as (_, address):
        assert asked_by(address, CLIENT) == answer("seen").SerializeToString()
        assert asked_by(address, None)[0] == "UNAVAILABLE"
        assert asked_by(address, STRANGER)[0] == "UNAVAILABLE"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("server_kee: 1", "Error parsing text-format tensorflow.serving.SSLConfig"),
        ("", "server_key and server_cert must be a PEM key without a password"),
        (
            ssl_config(Identity(CLIENT.key, SERVER.certificate)),
            "its PEM certificate (KEY_VALUES_MISMATCH)",
        ),
        (
            ssl_config(SERVER) + '\ncustom_ca: "none"',
            "custom_ca must be PEM certificates",
        ),
        (
            ssl_config(SERVER, verify=True),
            "client_verify must have a custom_ca to verify by, got none",
        ),
    ],
    ids=["field", "empty", "mismatch", "authority", "verify"],
)
def test_a_file_that_tls_cannot_work_with_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(InvalidArgumentError) as raised:
        read(tmp_path, text)
    assert words in raised.value.message
    assert str(tmp_path / "ssl.config") in raised.value.message


def test_a_file_that_is_not_there_is_named() -> None:
    words = "--ssl_config_file must be a readable file, got '/nowhere/ssl.config'"
    with pytest.raises(InvalidArgumentError, match=words):
        read_ssl_config("/nowhere/ssl.config")
