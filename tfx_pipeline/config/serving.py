"""How a packaged model is proven on a server, and where it is pushed."""

from __future__ import annotations

from dataclasses import dataclass

from components.serving_validator.settings import ServerSettings, ServingSettings
from tfx_pipeline.config.stages import require


@dataclass(frozen=True, kw_only=True)
class ServeConfig(ServerSettings):
    """How a packaged model is proven; the fields are those of `ServerSettings`."""

    def __post_init__(self) -> None:
        try:
            super().__post_init__()
        except ValueError as err:
            raise ValueError(f"serve: {err}") from err

    def settings(self, model_name: str) -> ServingSettings:
        """Returns them as the validator takes them."""
        return ServingSettings(model_name=model_name, **vars(self))


@dataclass(frozen=True, kw_only=True)
class PushConfig:
    """Where servers find what was blessed.

    Attributes:
        directory: Versions go to `<directory>/<package.model_name>/<version>`; None
            takes the folder `served` below `run.root`. May be in an object store.
        keep_versions: The newest so many stay there; 0 keeps all.
        approval: YAML file in which a person must approve each model, by its hash,
            before it is pushed; None asks nobody.
    """

    directory: str | None = None
    keep_versions: int = 0
    approval: str | None = None

    def __post_init__(self) -> None:
        require(self.directory != "", "push.directory", "a folder", "''")
        require(
            self.keep_versions >= 0,
            "push.keep_versions",
            "0 or more",
            self.keep_versions,
        )
        require(
            self.approval is None
            or (self.approval.strip() != "" and "://" not in self.approval),
            "push.approval",
            "a file of this machine",
            repr(self.approval),
        )
