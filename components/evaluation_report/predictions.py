"""Asks the exported model for the masks of records, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import tensorflow as tf


@dataclass(frozen=True, kw_only=True)
class AskedModel:
    """Which model is asked, and how.

    Attributes:
        folder: Of `saved_model.pb`.
        signature_name: Takes serialized records.
        output_name: Its output that holds the PNG of class ids.
        batch_size: Records at once; bounds the memory.
    """

    folder: str
    signature_name: str = "examples"
    output_name: str = "mask_png_bytes"
    batch_size: int = 4


class PredictMasks(beam.DoFn):
    """Batches of serialized records to (record, PNG of the predicted mask)."""

    def __init__(self, asked: AskedModel) -> None:
        self._asked = asked
        self._model: Any = None

    def setup(self) -> None:
        """Loads the model, once per worker."""
        self._model = tf.saved_model.load(self._asked.folder)

    def process(self, records: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Yields the records with their masks."""
        signature = self._model.signatures[self._asked.signature_name]
        (name,) = signature.structured_input_signature[1]
        answer = signature(**{name: tf.constant(list(records), tf.string)})
        masks = answer[self._asked.output_name].numpy().tolist()
        yield from zip(records, masks, strict=True)


@dataclass
class PredictRecords(beam.PTransform):
    """Serialized records to (record, PNG of the predicted mask).

    Attributes:
        asked: The model.
    """

    asked: AskedModel

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, records: beam.PCollection) -> beam.PCollection:
        """Batches and predicts."""
        size = self.asked.batch_size
        return (
            records
            | "Batch" >> beam.BatchElements(min_batch_size=size, max_batch_size=size)
            | "Predict" >> beam.ParDo(PredictMasks(self.asked))
        )
