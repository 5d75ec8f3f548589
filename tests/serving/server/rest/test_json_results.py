from __future__ import annotations

import json

import numpy as np
from tensorflow_serving.apis import classification_pb2, regression_pb2

from serving.server.rest.json_results import write_classifications, write_regressions


def classifications(
    *rows: list[tuple[str, float]],
) -> classification_pb2.ClassificationResult:
    result = classification_pb2.ClassificationResult()
    for row in rows:
        classes = result.classifications.add().classes
        for label, score in row:
            classes.add(label=label, score=score)
    return result


def regressions(*numbers: float) -> regression_pb2.RegressionResult:
    result = regression_pb2.RegressionResult()
    for number in numbers:
        result.regressions.add(value=number)
    return result


def test_classes_are_laid_out_as_rapidjson_does_it() -> None:
    result = classifications([("a", 1), ("Ж\n", 0.1)], [], [("", float("nan"))])
    assert write_classifications(result).decode() == (
        '{\n    "results": [[["a", 1.0], ["Ж\\n", 0.1]], [], [["", NaN]]\n    ]\n}'
    )


def test_numbers_stand_on_one_line() -> None:
    result = regressions(1, 1 / 3, -float("inf"), 1e9)
    assert write_regressions(result).decode() == (
        '{\n    "results": [1.0, 0.333333343, -Infinity, 1e+09]\n}'
    )


def test_numbers_come_back_exactly() -> None:
    drawn = np.random.default_rng(6).normal(size=500).astype(np.float32)
    found = json.loads(write_regressions(regressions(*drawn.tolist())))["results"]
    np.testing.assert_array_equal(np.array(found, np.float32), drawn)
    rows = [[("x", score)] for score in drawn.tolist()]
    found = json.loads(write_classifications(classifications(*rows)))["results"]
    np.testing.assert_array_equal(
        np.array([row[0][1] for row in found], np.float32), drawn
    )
