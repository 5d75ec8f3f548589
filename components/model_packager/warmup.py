"""The requests that a server answers before it takes the first real one.

TensorFlow Serving runs them before a version becomes available, so that graph
optimisation and, on a GPU, autotuning are paid before. One that fails, fails the load.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import model_pb2, predict_pb2, prediction_log_pb2

WARMUP_FILE = "assets.extra/tf_serving_warmup_requests"
MAX_RECORDS = 1000  # TensorFlow Serving refuses to load a model with more
DEFAULT_SIZE_PX = (256, 256)

Signatures = Mapping[str, meta_graph_pb2.SignatureDef]


def write_warmup_requests(
    folder: str,
    signatures: Signatures,
    *,
    model_name: str,
    batch_sizes: Sequence[int] = (1,),
) -> int:
    """Writes a request per signature and batch size; returns how many.

    Args:
        folder: The SavedModel's folder.
        signatures: Its signatures by name.
        model_name: Under which it is served.
        batch_sizes: The sizes that the server batches to.

    Raises:
        ValueError: A batch size below 1, or more requests than a server takes.
    """
    requests = list(warmup_requests(signatures, model_name, batch_sizes))
    if len(requests) > MAX_RECORDS:
        raise ValueError(
            f"a model must have at most {MAX_RECORDS} warm-up requests, got"
            f" {len(requests)}; name fewer batch sizes"
        )
    path = posixpath.join(folder, WARMUP_FILE)
    tf.io.gfile.makedirs(posixpath.dirname(path))
    with tf.io.TFRecordWriter(path) as writer:
        for request in requests:
            log = prediction_log_pb2.PredictionLog(
                predict_log=prediction_log_pb2.PredictLog(request=request)
            )
            writer.write(log.SerializeToString(deterministic=True))
    return len(requests)


def warmup_requests(
    signatures: Signatures, model_name: str, batch_sizes: Sequence[int]
) -> Iterator[predict_pb2.PredictRequest]:
    """Yields requests with a drawn photo; no photo of the data travels."""
    if not batch_sizes or min(batch_sizes) < 1:
        raise ValueError(f"batch sizes must be 1 or more, got {list(batch_sizes)}")
    photo = _draw_photo(*input_size_px(signatures))
    for name in sorted(signatures):
        inputs = signatures[name].inputs
        rows = {alias: _row(alias, info, photo) for alias, info in inputs.items()}
        if not rows or any(row is None for row in rows.values()):
            continue  # the op that initialises, or not one of our inputs
        for size in batch_sizes:
            yield predict_pb2.PredictRequest(
                model_spec=model_pb2.ModelSpec(name=model_name, signature_name=name),
                inputs={
                    alias: tf.make_tensor_proto(np.stack([row] * size))
                    for alias, row in rows.items()
                },
            )


def input_size_px(signatures: Signatures) -> tuple[int, int]:
    """Returns height and width of the picture that the network sees."""
    for signature in signatures.values():
        for info in signature.inputs.values():
            sizes = [dim.size for dim in info.tensor_shape.dim]
            if len(sizes) == 4 and min(sizes[1:]) > 0:
                return sizes[1], sizes[2]
    return DEFAULT_SIZE_PX


def _row(alias: str, info: meta_graph_pb2.TensorInfo, photo: bytes) -> Any:
    """Returns one element of a batch; None for an input that is not known here."""
    sizes = [dim.size for dim in info.tensor_shape.dim][1:]
    if info.dtype == tf.string.as_datatype_enum and alias == "image_bytes":
        return np.array(photo, object)
    if info.dtype == tf.string.as_datatype_enum and alias == "examples":
        return np.array(_record(photo), object)
    if info.dtype == tf.uint8.as_datatype_enum and min(sizes, default=0) > 0:
        return np.full(sizes, 127, np.uint8)
    return None


def _draw_photo(height_px: int, width_px: int) -> bytes:
    """Returns a JPEG of a colour gradient."""
    rows, columns = np.mgrid[:height_px, :width_px]
    red, green = rows * 255 // height_px, columns * 255 // width_px
    pixels = np.stack([red, green, (rows + columns) % 256], -1).astype(np.uint8)
    return tf.io.encode_jpeg(pixels).numpy()


def _record(photo: bytes) -> bytes:
    image = tf.train.Feature(bytes_list=tf.train.BytesList(value=[photo]))
    upright = tf.train.Feature(int64_list=tf.train.Int64List(value=[1]))
    features = tf.train.Features(feature={"image": image, "orientation": upright})
    # A map has no order of its own: without this, no two packages have one hash.
    return tf.train.Example(features=features).SerializeToString(deterministic=True)
