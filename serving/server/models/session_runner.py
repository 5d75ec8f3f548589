"""Loads a SavedModel as TensorFlow Serving does, and runs its signatures.

Never through `tf.saved_model.load`: that also loads models which a Session, and so
production, refuses (keras #20096).
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2
from tensorflow.python.client import pywrap_tf_session

from serving.server.errors import (
    Code,
    DeadlineExceededError,
    InvalidArgumentError,
    NotFoundError,
    ServingError,
)
from serving.server.models.freed_memory import give_back

_MAX_TIMEOUT_MS = 2**31 - 1

# What a Session feeds and fetches, in the order of the sorted names.
_Ends = tuple[list[Any], list[Any]]


class SessionRunner:
    """One version of a model in a Session of its own; may be used from any thread."""

    def __init__(
        self,
        path: str,
        *,
        tags: Sequence[str] = ("serve",),
        config: config_pb2.ConfigProto | None = None,
    ) -> None:
        """Loads the variables and runs the graph's initialisers.

        Args:
            path: Folder of `saved_model.pb`.
            tags: Which of its graphs.
            config: Threads and memory of the Session.
        """
        self._session = tf.compat.v1.Session(graph=tf.Graph(), config=config)
        try:
            with self._session.graph.as_default():
                meta_graph = _load(self._session, tags, path)
            self._session._extend_graph()  # else done by the first Session.run
        except BaseException:
            self._session.close()
            raise
        self.signatures = dict(meta_graph.signature_def)
        self._ends: dict[tuple[Any, ...], _Ends] = {}

    def run(
        self,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        outputs: set[str],
        *,
        until: float | None = None,
    ) -> dict[str, np.ndarray]:
        """As `Runner.run`; runs what the outputs need and nothing else.

        At `until` the graph is stopped after the operations that it is in.

        Raises:
            tf.errors.OpError: With the words of TensorFlow's C++ side.
            ServingError: The time is over, or the graph lacks what the signature names.
        """
        names, fetched = sorted(inputs), sorted(outputs)
        feeds, fetches = self._find_ends(signature_name, tuple(names), tuple(fetched))
        arrays = {feeds[i]: inputs[name] for i, name in enumerate(names)}
        options = pywrap_tf_session.TF_NewBufferFromString(_run_options(until))
        try:
            # The call below Session.run, which would check shapes that TensorFlow
            # Serving leaves to the graph, and reword the graph's errors.
            values = pywrap_tf_session.TF_SessionRun_wrapper(
                self._session._session, options, arrays, fetches, [], None
            )
        except UnicodeDecodeError as err:
            # The graph's error quotes bytes of the request, and Python cannot make it
            # the exception that it is: only its words are left.
            words = err.object.decode("utf-8", "replace")
            raise InvalidArgumentError(words) from err
        finally:
            pywrap_tf_session.TF_DeleteBuffer(options)
        return dict(zip(fetched, map(_as_array, values), strict=True))

    def close(self) -> None:
        """Frees what the version holds; nothing may run any more."""
        self._ends.clear()
        self._session.close()
        del self._session
        give_back()

    def _find_ends(
        self, signature_name: str, inputs: tuple[str, ...], outputs: tuple[str, ...]
    ) -> _Ends:
        key = (signature_name, inputs, outputs)
        ends = self._ends.get(key)
        if ends is None:  # two threads may find the same, which does no harm
            signature = self.signatures[signature_name]
            ends = (
                [self._end(signature.inputs[name].name) for name in inputs],
                [self._end(signature.outputs[name].name) for name in outputs],
            )
            self._ends[key] = ends
        return ends

    def _end(self, name: str) -> Any:
        try:
            return self._session.graph.get_tensor_by_name(name)._as_tf_output()
        except (KeyError, ValueError) as err:
            raise NotFoundError(f"the graph has no tensor {name!r}") from err


def _as_array(value: Any) -> np.ndarray:
    """Wraps what a Session unwraps: tensors without dimensions."""
    if isinstance(value, bytes):
        array = np.empty((), object)  # NumPy's own bytes lose zeros at their end
        array[()] = value
        return array
    return np.asarray(value)


def _load(session: tf.compat.v1.Session, tags: Sequence[str], path: str) -> Any:
    """Loads a graph; faults that only Python words are told as C++ tells them."""
    try:
        return tf.compat.v1.saved_model.load(session, list(tags), path)
    except RuntimeError as err:
        raise NotFoundError(
            "Could not find meta graph def matching supplied tags: {"
            f" {' '.join(tags)} }}. To inspect available tag-sets in the SavedModel,"
            " please use the SavedModel CLI: `saved_model_cli`"
        ) from err
    except OSError as err:
        raise ServingError(
            f"Can't parse {path}/saved_model.pb as binary proto", Code.DATA_LOSS
        ) from err


def _run_options(until: float | None) -> bytes:
    if until is None:
        return b""
    left_ms = math.ceil((until - time.monotonic()) * 1e3)
    if left_ms <= 0:  # to TensorFlow, 0 would be no limit
        raise DeadlineExceededError("Deadline exceeded before the model was run")
    options = config_pb2.RunOptions(timeout_in_ms=min(left_ms, _MAX_TIMEOUT_MS))
    return options.SerializeToString()
