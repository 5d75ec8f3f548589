"""The zoo needs no TensorFlow: it is built and computed on other Keras backends."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]

# Keras' NumPy backend imports JAX for a few operations (convolutions among them) that
# building a graph, the loss and the metric do not call: an empty stand-in will do.
WITHOUT_TENSORFLOW = """
import importlib.abc, importlib.machinery, sys
from unittest.mock import MagicMock

class OnlyNumPy(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top == "tensorflow":
            raise ModuleNotFoundError(f"{name} is hidden here", name=name)
        if top == "jax":
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
    def create_module(self, spec):
        module = MagicMock(name=spec.name)
        module.__spec__, module.__path__, module.__name__ = spec, [], spec.name
        return module
    def exec_module(self, module):
        pass

sys.meta_path.insert(0, OnlyNumPy())
"""
GRAPH_LOSS_METRIC = """
import sys
import keras
import numpy as np
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.modeling.losses import CrossEntropyDice
from tfx_pipeline.modeling.metrics import ConfusionMeanIoU
from tfx_pipeline.modeling.optimizer import build_optimizer
from tfx_pipeline.modeling.registry import build_model

config = ModelConfig(depth=2, base_width=4, norm="group")
model = build_model(config, num_classes=2, height_px=16, width_px=32)
truth = np.array([[[0, 1, 255]]])
logits = np.log([[[[0.75, 0.25], [0.5, 0.5], [0.1, 0.9]]]]).astype("float32")
metric = ConfusionMeanIoU(2)
metric.update_state(truth, logits)
rate = build_optimizer(TrainingConfig(), total_steps=100).learning_rate
print("BACKEND", keras.config.backend(), "tensorflow" in sys.modules)
print("SHAPE", model.output_shape)
print("LOSS", round(float(CrossEntropyDice()(truth, logits)), 4))
print("MIOU", float(metric.result()))
print("RATE", round(float(keras.ops.convert_to_numpy(rate)), 6))
"""
FIT = """
pixels = np.random.default_rng(0).integers(0, 256, (4, 16, 32, 3)).astype("float32")
mask_ids = (pixels[..., 0] > 127).astype("int32")
model.compile(build_optimizer(TrainingConfig(learning_rate=0.01), total_steps=10),
              CrossEntropyDice(), metrics=[ConfusionMeanIoU(2)])
before = model.evaluate(pixels, mask_ids, verbose=0)[0]
model.fit(pixels, mask_ids, epochs=10, verbose=0)
print("LEARNS", model.evaluate(pixels, mask_ids, verbose=0)[0] < before)
"""
# (ln 4/3 + ln 2) / 2 + 1 - (1.5 / 2.25 + 1 / 1.75) / 2; the void pixel is not there.
# Of the two true pixels the first is found, the tie of the second goes to class 0.
EXPECTED = ["SHAPE (None, 16, 32, 2)", "LOSS 0.8714", "MIOU 0.25", "RATE 0.0002"]


def run(backend: str, script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()


def test_the_zoo_works_where_tensorflow_cannot_be_imported() -> None:
    lines = run("numpy", WITHOUT_TENSORFLOW + GRAPH_LOSS_METRIC)

    assert lines == ["BACKEND numpy False", *EXPECTED]


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_unet_trains_on_another_backend(backend: str) -> None:
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed in this environment")

    lines = run(backend, GRAPH_LOSS_METRIC + FIT)

    assert lines[0].startswith(f"BACKEND {backend}")
    assert lines[1:] == [*EXPECTED, "LEARNS True"]
