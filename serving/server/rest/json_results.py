"""From what Classify and Regress find to the JSON body of the answer.

Laid out to the character as TensorFlow Serving does it, see `json_answer`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from tensorflow_serving.apis import classification_pb2, regression_pb2

from serving.server.rest.json_number import format_decimals
from serving.server.rest.json_string import INDENT, quote


def write_classifications(result: classification_pb2.ClassificationResult) -> bytes:
    """Returns the body: per example a list of [label, score]."""
    rows = [_classes_text(item.classes) for item in result.classifications]
    return _write(f"[{', '.join(rows)}\n{INDENT}]")


def write_regressions(result: regression_pb2.RegressionResult) -> bytes:
    """Returns the body: per example a number."""
    texts = _decimals(item.value for item in result.regressions)
    return _write(f"[{', '.join(texts)}]")


def _classes_text(classes: Iterable[classification_pb2.Class]) -> str:
    labels = [quote(item.label) for item in classes]
    scores = _decimals(item.score for item in classes)
    pairs = zip(labels, scores, strict=True)
    return f"[{', '.join(f'[{label}, {score}]' for label, score in pairs)}]"


def _decimals(values: Iterable[float]) -> list[str]:
    return format_decimals(np.array(list(values), np.float32))


def _write(results: str) -> bytes:
    return f'{{\n{INDENT}"results": {results}\n}}'.encode()
