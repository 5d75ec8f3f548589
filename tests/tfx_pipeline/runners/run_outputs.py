"""What a run of the pipeline wrote, in a form that two runs can be compared by."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

# Numbers of an execution, not of its work.
_OF_THE_RUN = {"artifacts", "lineage", "timing", "mlmd_id", "created", "run_id"}


def output(runs: Path, node: str, channel: str) -> Path:
    """Returns the folder of the only execution of a node."""
    (folder,) = (runs / "pipelines" / "carseg" / node / channel).iterdir()
    return folder


def files(folder: Path, pattern: str = "**/*") -> dict[str, bytes]:
    """Returns name and content of the files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.glob(pattern))
        if path.is_file()
    }


def rows(folder: Path) -> dict[str, Counter[bytes]]:
    """Returns how often each record is in a split; Transform promises no order."""
    import tensorflow as tf

    return {
        split.name: Counter(
            _in_order(data)
            for data in tf.data.TFRecordDataset(
                sorted(map(str, split.iterdir())), "GZIP"
            ).as_numpy_iterator()
        )
        for split in sorted(folder.glob("Split-*"))
    }


def _in_order(data: bytes) -> bytes:
    """The same record in one byte form: a map of a proto has no order."""
    import tensorflow as tf

    return tf.train.Example.FromString(data).SerializeToString(deterministic=True)


def statistics(folder: Path) -> dict[str, dict[str, Any]]:
    """Returns the statistics of each feature of each split."""
    from google.protobuf import json_format
    from tensorflow_metadata.proto.v0 import statistics_pb2

    found = {}
    for path in sorted(folder.glob("Split-*/FeatureStats.pb")):
        read = statistics_pb2.DatasetFeatureStatisticsList.FromString(path.read_bytes())
        (dataset,) = read.datasets
        found[path.parent.name] = {
            ".".join(feature.path.step): json_format.MessageToDict(feature)
            for feature in dataset.features
        } | {"": dataset.num_examples}
    return found


def document(path: Path, root: Path) -> Any:
    """Returns a JSON file without paths of the run and what only tells one run."""
    return _without(json.loads(path.read_text("utf-8").replace(str(root), "ROOT")))


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without(entry)
            for key, entry in value.items()
            if key not in _OF_THE_RUN
        }
    return [_without(entry) for entry in value] if isinstance(value, list) else value


def differences(one: Any, two: Any, where: str = "") -> Iterator[str]:
    """Yields the places where two documents differ by more than a float's last digits.

    Sums of floats depend on the order of their parts in the 16th digit.
    """
    if isinstance(one, dict) and isinstance(two, dict):
        for key in sorted({*one, *two}, key=str):
            inner = f"{where}.{key}"
            if key in one and key in two:
                yield from differences(one[key], two[key], inner)
            else:
                yield f"{inner}: only in one of them"
    elif isinstance(one, (list, tuple)) and isinstance(two, (list, tuple)):
        if len(one) != len(two):
            yield f"{where}: {len(one)} entries, {len(two)} entries"
        for index, pair in enumerate(zip(one, two, strict=False)):
            yield from differences(*pair, f"{where}[{index}]")
    elif isinstance(one, (float, np.ndarray)) and isinstance(two, (float, np.ndarray)):
        if not np.allclose(one, two, rtol=1e-12, atol=1e-12, equal_nan=True):
            yield f"{where}: {one!r} and {two!r}"
    elif one != two:
        yield f"{where}: {one!r} and {two!r}"
