from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from tensorflow.core.protobuf import meta_graph_pb2

Outputs = dict[str, np.ndarray]


def signature(
    inputs: Mapping[str, str], outputs: Mapping[str, str]
) -> meta_graph_pb2.SignatureDef:
    made = meta_graph_pb2.SignatureDef()
    for name, tensor in inputs.items():
        made.inputs[name].name = tensor
    for name, tensor in outputs.items():
        made.outputs[name].name = tensor
    return made


def double(inputs: Mapping[str, np.ndarray]) -> Outputs:
    return {"y": inputs["x"] * 2}


class FakeGraph:
    """Notes every run; while `gate` is closed, runs wait in it."""

    def __init__(
        self,
        compute: Callable[[Mapping[str, np.ndarray]], Outputs] = double,
        signatures: Mapping[str, meta_graph_pb2.SignatureDef] | None = None,
    ) -> None:
        self.signatures: Mapping[str, Any] = signatures or {
            "serving_default": signature({"x": "x:0"}, {"y": "y:0"})
        }
        self.compute = compute
        self.fed: list[dict[str, np.ndarray]] = []
        self.untils: list[float | None] = []
        self.wanted: list[set[str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)
        self.closed = False

    def run(
        self,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        outputs: set[str],
        *,
        until: float | None = None,
    ) -> Outputs:
        assert not self.closed
        self.fed.append(dict(inputs))
        self.untils.append(until)
        self.wanted.append(outputs)
        self.entered.release()
        assert self.gate.wait(60)
        computed = self.compute(inputs)
        return {name: computed[name] for name in outputs}

    def close(self) -> None:
        self.closed = True

    @property
    def sizes(self) -> list[int]:
        return [len(next(iter(inputs.values()))) for inputs in self.fed]
