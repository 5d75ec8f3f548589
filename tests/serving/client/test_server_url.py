"""Addresses are read once, and refused in one sentence."""

from __future__ import annotations

import pytest

from serving.client.server_url import parse_server_url


@pytest.mark.parametrize(
    ("url", "scheme", "target", "prefix"),
    [
        ("grpc://a.example:9000", "grpc", "a.example:9000", ""),
        ("grpc://127.0.0.1", "grpc", "127.0.0.1:8500", ""),
        ("http://127.0.0.1", "http", "127.0.0.1:8501", ""),
        ("http://[::1]:80/", "http", "[::1]:80", ""),
        ("HTTP://host:80/models/x/", "http", "host:80", "/models/x"),
    ],
)
def test_an_address_is_read(url: str, scheme: str, target: str, prefix: str) -> None:
    server = parse_server_url(url)

    assert (server.scheme, server.target, server.prefix) == (scheme, target, prefix)


@pytest.mark.parametrize(
    "url",
    [
        *("", "host:8500", "https://host", "http://", "grpc://:8500", "http://h:0"),
        *("http://h:x", "http://h:70000", "grpc://h/path", "http://h?a=b"),
        "http://user:secret@h",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must be named as grpc://HOST:PORT or http:"):
        parse_server_url(url)
