"""Loads a SavedModel as TensorFlow Serving does, and runs its signatures.

Never through `tf.saved_model.load`: that also loads models which a Session, and so
production, refuses (keras #20096).
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2


class SessionRunner:
    """One version of a model in a Session of its own; may be used from any thread."""

    def __init__(
        self,
        path: str,
        *,
        tags: Sequence[str] = ("serve",),
        intra_op_threads: int = 0,
        inter_op_threads: int = 0,
    ) -> None:
        """Loads the variables and runs the graph's initialisers.

        Args:
            path: Folder of `saved_model.pb`.
            tags: Which of its graphs.
            intra_op_threads: Threads of one operation, 0 for as many as cores.
            inter_op_threads: Operations at a time, 0 for as many as cores.
        """
        self._session = tf.compat.v1.Session(
            graph=tf.Graph(),
            config=tf.compat.v1.ConfigProto(
                intra_op_parallelism_threads=intra_op_threads,
                inter_op_parallelism_threads=inter_op_threads,
            ),
        )
        try:
            with self._session.graph.as_default():
                meta_graph = tf.compat.v1.saved_model.load(
                    self._session, list(tags), path
                )
        except BaseException:
            self._session.close()
            raise
        self.signatures = dict(meta_graph.signature_def)
        self._lock = threading.Lock()
        self._callables: dict[tuple[Any, ...], Any] = {}

    def run(
        self, signature_name: str, inputs: Mapping[str, np.ndarray], outputs: set[str]
    ) -> dict[str, np.ndarray]:
        """Runs what the outputs need and nothing else.

        Args:
            signature_name: One of `signatures`.
            inputs: All inputs of the signature, by name.
            outputs: Names of the outputs to return.

        Raises:
            tf.errors.OpError: With the words of TensorFlow's C++ side.
        """
        names = sorted(inputs)
        fetched = sorted(outputs)
        call = self._callable(signature_name, tuple(names), tuple(fetched))
        return dict(zip(fetched, call(*(inputs[name] for name in names)), strict=True))

    def close(self) -> None:
        """Frees what the version holds; nothing may run any more."""
        self._callables.clear()
        self._session.close()
        del self._session
        # A graph is a cycle of Python objects that holds C++ memory: without this it
        # would stay until Python happens to look for cycles.
        gc.collect()

    def _callable(
        self, signature_name: str, inputs: tuple[str, ...], outputs: tuple[str, ...]
    ) -> Any:
        # Session.run would check shapes that TensorFlow Serving leaves to the graph,
        # and costs as much; a callable also leaves out what nobody fetches.
        key = (signature_name, inputs, outputs)
        with self._lock:
            if key not in self._callables:
                signature = self.signatures[signature_name]
                options = config_pb2.CallableOptions(
                    feed=[signature.inputs[name].name for name in inputs],
                    fetch=[signature.outputs[name].name for name in outputs],
                )
                self._callables[key] = self._session._make_callable_from_options(
                    options
                )
            return self._callables[key]
