"""Where a training writes: into the node's artifacts, if this process is the chief."""

from __future__ import annotations

import posixpath
import tempfile
from dataclasses import dataclass

import tensorflow as tf

from tfx_pipeline.training.devices import is_chief
from tfx_pipeline.training.starting_weights import KERAS_MODEL


@dataclass(frozen=True, kw_only=True)
class OutputFolders:
    """Places of one process.

    Attributes:
        serving: Folder of the SavedModel.
        keras_model: File of the Keras model.
        logs: Folder of curves, samples and history.
        is_chief: Whether these are the node's artifacts. Other workers have to run
            the same code, since variables are read together, but into the waste.
    """

    serving: str
    keras_model: str
    logs: str
    is_chief: bool


def output_folders(
    serving_model_dir: str, model_run_dir: str, strategy: tf.distribute.Strategy
) -> OutputFolders:
    """Returns the node's folders for the chief, temporary ones for other workers."""
    chief = is_chief(strategy)
    if not chief:
        waste = tempfile.mkdtemp(prefix="carseg-worker-")
        serving_model_dir = posixpath.join(waste, "Format-Serving")
        model_run_dir = posixpath.join(waste, "logs")
    model_folder = posixpath.dirname(serving_model_dir.rstrip("/"))
    return OutputFolders(
        serving=serving_model_dir,
        keras_model=posixpath.join(model_folder, KERAS_MODEL),
        logs=model_run_dir,
        is_chief=chief,
    )
