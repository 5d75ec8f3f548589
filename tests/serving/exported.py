"""The drawn model as a SavedModel, and calls through a Session as TF Serving makes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from serving.export import export_model
from tests.serving.drawn_model import CONFIG, TAXONOMY, build_colour_model, prepare


def export_drawn_model(directory: Path, **options: Any) -> None:
    model = options.pop("model", None) or build_colour_model()
    export_model(
        model,
        **{
            "directory": directory,
            "prepare": prepare,
            "taxonomy": TAXONOMY,
            "prepare_config": {"height_px": CONFIG.height_px},
        }
        | options,
    )


class SessionModel:
    """Loads and calls a SavedModel as TensorFlow Serving does."""

    def __init__(self, directory: Path) -> None:
        self.session = tf.compat.v1.Session(graph=tf.Graph())
        meta_graph = tf.compat.v1.saved_model.load(
            self.session, [tf.saved_model.SERVING], str(directory)
        )
        self.signatures = meta_graph.signature_def

    def __call__(self, signature: str, **inputs: Any) -> Mapping[str, np.ndarray]:
        definition = self.signatures[signature]
        return self.session.run(
            {alias: info.name for alias, info in definition.outputs.items()},
            {definition.inputs[name].name: value for name, value in inputs.items()},
        )


def decode_mask(png: bytes) -> np.ndarray:
    assert png[24:26] == b"\x08\x00"  # 8 bits, greyscale
    return tf.io.decode_png(png).numpy()[:, :, 0]
