"""`grpc://host:port` and `http://host:port`: which server, over which protocol."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

# TF Serving's own ports.
_DEFAULT_PORTS = {"grpc": 8500, "http": 8501}


@dataclass(frozen=True, kw_only=True)
class ServerUrl:
    """A server's address.

    Attributes:
        scheme: `grpc` or `http`.
        host: Name or address.
        port: TF Serving's own where none is given: 8500 for gRPC, 8501 for REST.
        prefix: Path of a proxy ahead of `/v1/models`; REST only.
    """

    scheme: str
    host: str
    port: int
    prefix: str = ""

    @property
    def target(self) -> str:
        """Host and port as gRPC wants them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_server_url(url: str) -> ServerUrl:
    """Reads a server's address.

    Example:
        >>> parse_server_url("grpc://127.0.0.1").target
        '127.0.0.1:8500'

    Raises:
        ValueError: It is no address of this kind.
    """
    parts = urlsplit(url)
    prefix = parts.path.rstrip("/")
    try:
        port = parts.port
    except ValueError:  # no number, or above 65535
        port = 0
    is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if (
        parts.scheme not in _DEFAULT_PORTS
        or not (parts.hostname and is_plain)
        or port == 0
        or (prefix and parts.scheme == "grpc")
    ):
        raise ValueError(
            "a server must be named as grpc://HOST:PORT or http://HOST:PORT, got"
            f" {url!r}; TLS is not spoken, put a proxy on this machine before it"
        )
    return ServerUrl(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or _DEFAULT_PORTS[parts.scheme],
        prefix=prefix,
    )
