"""A loaded version of a model, as those who answer requests see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


class Runner(Protocol):
    """A loaded graph."""

    @property
    def signatures(self) -> Mapping[str, Any]:
        """Name of each signature to its SignatureDef."""

    def run(
        self,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        outputs: set[str],
        *,
        until: float | None = None,
    ) -> dict[str, np.ndarray]:
        """Returns the outputs by name.

        Args:
            signature_name: One of `signatures`.
            inputs: All inputs of the signature, by name.
            outputs: Names of the outputs to return.
            until: When the caller gives up, on the clock of `time.monotonic`.
        """

    def close(self) -> None:
        """Frees what the version holds; nothing may run any more."""


@dataclass(frozen=True, kw_only=True)
class Servable:
    """A version that is there for as long as its handle is held."""

    name: str
    version: int
    runner: Runner
