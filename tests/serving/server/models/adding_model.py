"""A SavedModel with a variable: `y` is `x` plus a number."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf


def export_adding_model(folder: Path, number: float) -> Path:
    """Writes the model with `number` as its variable; returns its folder."""
    v1 = tf.compat.v1
    with v1.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None], "x")
        added = v1.get_variable("added", initializer=number, use_resource=True)
        y = tf.identity(x + added, "y")
        session.run(v1.global_variables_initializer())
        info = v1.saved_model.build_tensor_info
        signature = v1.saved_model.build_signature_def(
            {"x": info(x)}, {"y": info(y)}, "tensorflow/serving/predict"
        )
        builder = v1.saved_model.Builder(str(folder))
        builder.add_meta_graph_and_variables(
            session,
            [tf.saved_model.SERVING],
            signature_def_map={"serving_default": signature},
        )
        builder.save()
    return folder
