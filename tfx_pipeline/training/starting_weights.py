"""Weights that a training starts from: a base model's or those of a file."""

from __future__ import annotations

import posixpath
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import h5py
import keras
import tensorflow as tf

KERAS_MODEL = "Format-Keras/model.keras"
_WEIGHTS_IN_KERAS_FILE = "model.weights.h5"
_NOT_WEIGHTS = {"optimizer", "metrics", "seed_generator"}

# Place in the file to the layer's name and the weight's shape.
Weights = Mapping[str, tuple[str, tuple[int, ...]]]


def starting_weights(base_model: str | None, initial_weights: str | None) -> str | None:
    """Returns the file to start from, None for fresh weights.

    Args:
        base_model: `Format-Serving` folder of another Model artifact of ours.
        initial_weights: A `.keras` or `.weights.h5` file.
    """
    if base_model and initial_weights:
        raise ValueError(
            "a training starts from one model, got the base model"
            f" {base_model} and training.initial_weights={initial_weights}; drop one"
        )
    if not base_model:
        return initial_weights
    return posixpath.join(posixpath.dirname(base_model.rstrip("/")), KERAS_MODEL)


def load_starting_weights(model: keras.Model, file: str) -> None:
    """Puts the weights of a file into a model of the same architecture.

    Raises:
        ValueError: The file is missing, damaged or of another architecture.
    """
    if not tf.io.gfile.exists(file):
        raise ValueError(
            f"the weights to start from must exist, {file} does not; name a .keras or"
            " .weights.h5 file, or a base model trained by this pipeline"
        )
    with tempfile.TemporaryDirectory(prefix="carseg-weights-") as folder:
        local = Path(folder, f"file{_suffix(file)}")
        tf.io.gfile.copy(file, str(local))
        own = Path(folder, "own.weights.h5")
        model.save_weights(own)
        try:
            difference = _difference(_weights(local), _weights(own))
        except (OSError, KeyError, zipfile.BadZipFile) as err:
            raise ValueError(f"cannot read weights from {file}: {err}") from err
        if difference:
            raise ValueError(
                f"the weights in {file} must be those of the configured model, but"
                f" {difference}; set model.* and the size as they were trained, or"
                " start from another file"
            )
        model.load_weights(local)


def _suffix(file: str) -> str:
    return ".keras" if file.endswith(".keras") else ".weights.h5"


def _weights(file: Path) -> Weights:
    if file.suffix != ".keras":
        with h5py.File(file) as content:
            return _weights_in(content)
    with (
        zipfile.ZipFile(file) as archive,
        archive.open(_WEIGHTS_IN_KERAS_FILE) as part,
        h5py.File(part) as content,
    ):
        return _weights_in(content)


def _weights_in(content: h5py.File) -> Weights:
    found: dict[str, tuple[str, tuple[int, ...]]] = {}

    def visit(place: str, entry: h5py.Dataset | h5py.Group) -> None:
        is_weight = _NOT_WEIGHTS.isdisjoint(place.split("/"))
        if isinstance(entry, h5py.Dataset) and is_weight:
            found[place] = (entry.parent.attrs.get("name", place), entry.shape)

    content.visititems(visit)
    return found


def _difference(given: Weights, needed: Weights) -> str:
    """Returns the first difference in words, "" where there is none."""
    places = [
        place
        for place in sorted({*given, *needed})
        if given.get(place, ("", None))[1] != needed.get(place, ("", None))[1]
    ]
    if not places:
        return ""
    first = places[0]
    words = [
        f"{shape} in layer {layer!r}" if layer else "none"
        for layer, shape in (
            weights.get(first, ("", ())) for weights in (given, needed)
        )
    ]
    return f"{len(places)} weights differ, the first is {words[0]} for {words[1]}"
