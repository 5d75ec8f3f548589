"""Which model and what of it a REST request asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from tensorflow_serving.apis import model_pb2

from serving.server.errors import InvalidArgumentError

_NAMED = r"(?:(?:/versions/(?P<version>[0-9]+))|(?:/labels/(?P<label>[^/:]+)))?"
_PREDICTION = re.compile(
    rf"/v1/models/(?P<name>[^/:]+){_NAMED}:(?P<part>classify|regress|predict)",
    re.IGNORECASE,
)
_INFORMATION = re.compile(
    rf"/v1/models(?:/(?P<name>[^/:]+))?{_NAMED}(?:/(?P<part>metadata))?", re.IGNORECASE
)
_PATTERNS = {"POST": _PREDICTION, "GET": _INFORMATION}
_API = re.compile(r"/v1/.*", re.IGNORECASE)
_TARGET = re.compile(r"(?:https?://[^/?#]*)?([^?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_MAX_VERSION = 2**63 - 1


class VersionTooLargeError(InvalidArgumentError):
    """No version has such a number."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """What a path and a method mean.

    Attributes:
        spec: The model; its name is empty where the path has none.
        part: `predict`, `classify`, `regress`, `metadata` or, for the status, ''.
    """

    spec: model_pb2.ModelSpec
    part: str


def split_target(target: str) -> tuple[str, str]:
    """Returns the path of a request's target and what follows it.

    >>> split_target("/v1/models/cars:predict?x=1")
    ('/v1/models/cars:predict', '?x=1')
    """
    match = _TARGET.fullmatch(target)
    assert match is not None, "every part of it may be empty"
    return match[1], match[2]


def is_api(path: str) -> bool:
    """Says whether a path belongs to the API, be it right or wrong."""
    return _API.fullmatch(path) is not None


def find_route(method: str, path: str) -> Route:
    """Returns what a request asks for.

    Raises:
        InvalidArgumentError: Nothing that there is.
        VersionTooLargeError: A version that does not fit 63 bits.
    """
    pattern = _PATTERNS.get(method)
    match = pattern.fullmatch(path) if pattern else None
    if not match:
        raise InvalidArgumentError(f"Malformed request: {method} {path}")
    spec = model_pb2.ModelSpec(name=unquote(match["name"] or ""))
    if match["version"]:
        spec.version.value = _number(match["version"])
    if match["label"]:
        spec.version_label = unquote(match["label"])
    return Route(spec=spec, part=(match["part"] or "").lower())


def _number(text: str) -> int:
    digits = text.lstrip("0") or "0"
    # Thousands of digits would cost seconds to read.
    if len(digits) > len(str(_MAX_VERSION)) or int(digits) > _MAX_VERSION:
        raise VersionTooLargeError(f"Failed to convert version: {text} to numeric.")
    return int(digits)
