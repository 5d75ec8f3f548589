"""Small SavedModels of raw graphs, for what the drawn model cannot show."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf

v1 = tf.compat.v1


def save_graph(folder: Path) -> None:
    """Writes signatures `add`, `echo`, `number`, and `slow`, which never ends."""
    graph = tf.Graph()
    with graph.as_default(), v1.Session(graph=graph) as session:
        x = v1.placeholder(tf.float32, [None, 1], "x")
        start = v1.placeholder(tf.float32, [], "start")
        text = v1.placeholder(tf.string, [None], "text")
        same = tf.identity(text, "same")
        sums = tf.add(x, 1.0, "sums")
        ends = {
            "add": ({"x": x}, {"y": sums, "again": sums}),
            "echo": ({"text": text}, {"text": same}),
            "number": ({"text": text}, {"number": tf.strings.to_number(text)}),
            "slow": ({"start": start}, {"end": _count_for_ever(start)}),
        }
        signatures = {
            name: v1.saved_model.predict_signature_def(*both)
            for name, both in ends.items()
        }
        builder = v1.saved_model.Builder(str(folder))
        builder.add_meta_graph_and_variables(session, ["serve"], signatures)
        builder.save()


def _count_for_ever(start: tf.Tensor) -> tf.Tensor:
    (end,) = tf.while_loop(lambda i: i > -1.0, lambda i: [tf.sin(i) + 2.0], [start])
    return end
