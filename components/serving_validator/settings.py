"""How the server is started and what it must keep to."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.serving_validator.command import DEFAULT_COMMAND, check_command

_BOUNDS = ("max_load_s", "max_p95_ms", "max_memory_mb")


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """The server that a model must pass, and what it must keep to.

    Attributes:
        command: The server's command, with {python}, {port}, {rest_port},
            {model_name} and {base_path} to be filled.
        load_timeout_s: A model that is not available by then is refused.
        request_timeout_s: A request that is not answered by then is refused.
        latency_requests: Timed requests per protocol.
        max_differing_share: Share of a photo's pixels that may have another class
            than the Keras model said, 0..1; raise it only where a model is trained on
            other hardware than it is served on.
        max_load_s: More seconds until the model is available refuse it; None allows
            any.
        max_p95_ms: A larger 95th percentile of the latency refuses; None allows any.
        max_memory_mb: More peak memory of the server refuses; None allows any.
    """

    command: tuple[str, ...] = DEFAULT_COMMAND
    load_timeout_s: float = 180.0
    request_timeout_s: float = 60.0
    latency_requests: int = 20
    max_differing_share: float = 0.0
    max_load_s: float | None = None
    max_p95_ms: float | None = None
    max_memory_mb: float | None = None

    def __post_init__(self) -> None:
        check_command(self.command)
        if self.latency_requests < 1:
            raise ValueError(
                f"latency_requests must be 1 or more, got {self.latency_requests}"
            )
        if not 0 <= self.max_differing_share <= 1:
            raise ValueError(
                "max_differing_share must be a share between 0 and 1, got"
                f" {self.max_differing_share}"
            )
        for name in ("load_timeout_s", "request_timeout_s", *_BOUNDS):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"{name} must be above 0, got {value}")


@dataclass(frozen=True, kw_only=True)
class ServingSettings(ServerSettings):
    """Settings of one validation.

    Attributes:
        model_name: Under which the model is served.
    """

    model_name: str

    def to_dict(self) -> dict[str, Any]:
        """Returns JSON values; the inverse of `from_dict`."""
        return dataclasses.asdict(self) | {"command": list(self.command)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ServingSettings:
        """Reads what `to_dict` gives."""
        return cls(**{**values, "command": tuple(values["command"])})
