"""How a packaged model is proven on a server, and where it is pushed."""

from __future__ import annotations

from dataclasses import dataclass

from components.serving_validator.command import DEFAULT_COMMAND
from components.serving_validator.settings import ServingSettings
from tfx_pipeline.config.stages import require


@dataclass(frozen=True, kw_only=True)
class ServeConfig:
    """The server that the model must pass, and what it must keep to.

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
        self.settings("any")

    def settings(self, model_name: str) -> ServingSettings:
        """Returns them as the validator takes them; refuses impossible ones."""
        try:
            return ServingSettings(model_name=model_name, **vars(self))
        except ValueError as err:
            raise ValueError(f"serve: {err}") from err


@dataclass(frozen=True, kw_only=True)
class PushConfig:
    """Where servers find what was blessed.

    Attributes:
        directory: Versions go to `<directory>/<package.model_name>/<version>`; None
            takes the folder `served` below `run.root`. May be in an object store.
        keep_versions: The newest so many stay there; 0 keeps all.
    """

    directory: str | None = None
    keep_versions: int = 0

    def __post_init__(self) -> None:
        require(self.directory != "", "push.directory", "a folder", "''")
        require(
            self.keep_versions >= 0,
            "push.keep_versions",
            "0 or more",
            self.keep_versions,
        )
