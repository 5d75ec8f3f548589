"""Asks the exported model for masks, a batch at a time; a bad photo is asked alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from components.bulk_inference.asked_model import OUTPUTS, AskedModel
from components.bulk_inference.photo_answer import NoAnswer, PhotoAnswer

# The photo is at fault, and is again the next time.
_REFUSED = (
    tf.errors.InvalidArgumentError,
    tf.errors.OutOfRangeError,
    tf.errors.DataLossError,
    tf.errors.UnimplementedError,
)
# What TensorFlow says ahead of the sentence that tells what is wrong.
_PREAMBLE = ("Graph execution error", "Detected at node", "<stack traces unavailable>")


class LoadedModel:
    """The model in memory; may be asked from any thread."""

    def __init__(self, asked: AskedModel) -> None:
        self._model: Any = tf.saved_model.load(asked.folder)
        self._signature = self._model.signatures[asked.signature_name]
        (self._input,) = self._signature.structured_input_signature[1]

    def predict(self, photos: Sequence[bytes]) -> list[PhotoAnswer | NoAnswer]:
        """Returns an answer per photo; where a batch fails, each is asked alone."""
        if not photos:
            return []
        try:
            return list(self._ask(photos))
        except tf.errors.OpError as err:
            if len(photos) == 1:
                is_final = isinstance(err, _REFUSED)
                return [NoAnswer(reason=_reason(err.message), is_final=is_final)]
        return [answer for photo in photos for answer in self.predict([photo])]

    def _ask(self, photos: Sequence[bytes]) -> list[PhotoAnswer]:
        answer = self._signature(**{self._input: tf.constant(list(photos), tf.string)})
        columns = [answer[name].numpy() for name in OUTPUTS]
        return [
            PhotoAnswer(
                mask_png=mask_png,
                height=int(height),
                width=int(width),
                areas=areas,
                confidence=float(confidence),
            )
            for mask_png, height, width, areas, confidence in zip(*columns, strict=True)
        ]


def _reason(message: str | None) -> str:
    """Returns the one sentence that says what is wrong."""
    lines = [line.strip() for line in (message or "").splitlines()]
    told = [line for line in lines if line and not line.startswith(_PREAMBLE)]
    sentence = told[0] if told else "the model gave no reason"
    return " ".join(sentence.partition("[[")[0].split())
