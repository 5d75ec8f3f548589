"""The SavedModel of a peer's server, which runs without this project's packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tensorflow as tf

INPUT, OUTPUT = "image_bytes", "mask_png_bytes"


def load(model: Path) -> Any:
    """Returns a function from photos [n] to the outputs of the default signature."""
    session = tf.compat.v1.Session(graph=tf.Graph())
    with session.graph.as_default():
        meta_graph = tf.compat.v1.saved_model.load(session, ["serve"], str(model))
    signature = meta_graph.signature_def["serving_default"]
    fetches = {name: info.name for name, info in signature.outputs.items()}
    return session.make_callable(fetches, [signature.inputs[INPUT].name])
