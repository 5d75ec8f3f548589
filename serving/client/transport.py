"""What a way to a server must be able to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy.typing as npt

from serving.client.deadline import Deadline
from serving.client.model_state import ModelMetadata, ModelStatus

DEFAULT_MODEL = "carseg"
PREDICT_SIGNATURE = "serving_default"
PREDICT_INPUT = "image_bytes"
METADATA_FIELD = "signature_def"


@dataclass(frozen=True, kw_only=True)
class ModelChoice:
    """Which model of a server answers.

    Attributes:
        name: As the server calls it.
        version: One version; the newest that is available where it is None.
        label: A version by its label, such as `canary`; excludes `version`.
    """

    name: str = DEFAULT_MODEL
    version: int | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a model must have a name, got ''; give the server's name")
        if self.version is not None and self.label is not None:
            raise ValueError(
                "a model is chosen by version or by label, got version"
                f" {self.version} and label {self.label!r}; give one of them"
            )


class Transport(Protocol):
    """One server and model over one protocol; may be used from several threads.

    Every method raises the errors of `serving.client.errors` and no others.
    """

    def predict(
        self, photos: Sequence[bytes], deadline: Deadline
    ) -> Mapping[str, npt.NDArray[Any]]:
        """Returns the outputs of `serving_default` by name, batch first."""

    def status(self, deadline: Deadline) -> ModelStatus:
        """Returns the states of the model's versions."""

    def metadata(self, deadline: Deadline) -> ModelMetadata:
        """Returns the signatures of the version that answers."""

    def close(self) -> None:
        """Ends all connections; there are no calls after it."""
