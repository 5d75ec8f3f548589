"""Asks an exported model for the masks of records, without a Beam pipeline."""

from __future__ import annotations

from collections.abc import Sequence

from components.evaluation_report.predictions import AskedModel, PredictMasks


class ExportedModel:
    """A SavedModel with the signature `examples`; loaded at once."""

    def __init__(self, folder: str) -> None:
        """Loads the model of a folder."""
        self._predict = PredictMasks(AskedModel(folder=folder))
        self._predict.setup()

    def __call__(self, records: Sequence[bytes]) -> list[bytes]:
        """Returns the PNG of the mask of each serialized record."""
        return [png for _, png in self._predict.process(records)]
