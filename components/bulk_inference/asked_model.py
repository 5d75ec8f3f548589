"""Which model is asked, and what its files say without loading it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

OUTPUTS = ("mask_png_bytes", "height", "width", "area_fraction", "confidence")


@dataclass(frozen=True, kw_only=True)
class AskedModel:
    """Which model is asked, and how.

    Attributes:
        folder: Of `saved_model.pb`.
        signature_name: Takes the bytes of photos, returns `OUTPUTS`.
        batch_size: Photos at once; bounds the memory.
    """

    folder: str
    signature_name: str = "serving_default"
    batch_size: int = 8

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise ValueError(
                f"a batch must have 1 photo or more, got {self.batch_size}"
            )


def count_classes(asked: AskedModel) -> int:
    """Returns the number of classes, from the model's file alone.

    Raises:
        ValueError: It is no SavedModel, or none that answers as it must.
    """
    signature = _signature(asked)
    if signature is None or any(name not in signature.outputs for name in OUTPUTS):
        raise ValueError(
            f"the model must have a signature {asked.signature_name} that answers"
            f" {', '.join(OUTPUTS)}, got none in {asked.folder!r}; name a model that"
            " `carseg run` packaged"
        )
    return int(signature.outputs["area_fraction"].tensor_shape.dim[1].size)


def check_weights(folder: str) -> None:
    """Reads every weight once, and keeps none.

    Raises:
        ValueError: They are not whole. Loading would say so, too, but at length, and
            in each of Beam's workers.
    """
    try:
        weights = tf.train.load_checkpoint(str(Path(folder, "variables", "variables")))
        for name in weights.get_variable_to_shape_map():
            weights.get_tensor(name)
    except (tf.errors.OpError, LookupError, RuntimeError, ValueError) as err:
        reason = (str(err).strip().splitlines() or ["no reason"])[0]
        raise ValueError(
            f"the weights of the model in {folder!r} must be whole, but cannot be read:"
            f" {reason}; copy or export the model again"
        ) from err


def model_fingerprint(folder: str) -> str:
    """Returns a text that is another one for a model of other graphs or weights."""
    digest = hashlib.sha256()
    variables = sorted(Path(folder, "variables").glob("*"))
    for file in (Path(folder, "saved_model.pb"), *variables):
        content = hashlib.sha256()
        with file.open("rb") as stream:
            while block := stream.read(2**20):
                content.update(block)
        digest.update(f"{file.name} {content.hexdigest()}\n".encode())
    return digest.hexdigest()


def _signature(asked: AskedModel) -> meta_graph_pb2.SignatureDef | None:
    file = Path(asked.folder, "saved_model.pb")
    try:
        saved = saved_model_pb2.SavedModel.FromString(file.read_bytes())
    except DecodeError as err:
        raise ValueError(
            f"{str(file)!r} must be a SavedModel, but it cannot be read; copy or export"
            " the model again"
        ) from err
    for graph in saved.meta_graphs:
        if asked.signature_name in graph.signature_def:
            return graph.signature_def[asked.signature_name]
    return None
