"""SavedModels whose masks follow a rule, not weights, and records to ask about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tests.drawn_squares import SQUARES, Square, draw_square
from tfds_builders.png_encoding import encode_mask_png, encode_rgb_png

VIEWS = ("front", "rear")
Rule = Callable[[tf.Tensor], tf.Tensor]  # uint8 [h, w, 3] -> uint8 [h, w]


def bright(image: tf.Tensor) -> tf.Tensor:
    """The squares are 120 brighter: right but for some dark pixels."""
    return tf.cast(tf.reduce_max(image, axis=-1) > 150, tf.uint8)


def red_only(image: tf.Tensor) -> tf.Tensor:
    """Looks at one channel: worse than `bright`, and void in one corner."""
    ids = tf.cast(image[..., 0] > 150, tf.uint8)
    corner = tf.zeros_like(ids[2:, 2:])
    return ids | tf.pad(corner, [[2, 0], [2, 0]], constant_values=255)


def background_only(image: tf.Tensor) -> tf.Tensor:
    return tf.zeros_like(image[..., 0])


def save_rule_model(folder: Path, rule: Rule, signature_name: str = "examples") -> str:
    """Exports a model with one signature: records to masks of the photos' size."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])

    def mask_of(record: tf.Tensor) -> tf.Tensor:
        wanted = {"image": tf.io.FixedLenFeature([], tf.string)}
        png = tf.io.parse_single_example(record, wanted)["image"]
        image = tf.io.decode_png(png, channels=3)
        return tf.io.encode_png(rule(image)[..., None])

    def examples(records: tf.Tensor) -> dict[str, tf.Tensor]:
        masks = tf.map_fn(mask_of, records, fn_output_signature=tf.string)
        return {"mask_png_bytes": masks, "confidence_png_bytes": masks}

    archive = keras.export.ExportArchive()
    archive.track(model)
    spec = tf.TensorSpec([None], tf.string, name="examples")
    archive.add_endpoint(signature_name, examples, input_signature=[spec])
    archive.write_out(str(folder / "Format-Serving"), verbose=False)
    return str(folder)


def draw_pair(index: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns photo and true mask, sizes by index, with a void frame."""
    record = draw_square(Square(index, "test"))
    image = tf.io.decode_png(record.image, channels=3).numpy()
    mask = tf.io.decode_png(record.masks["square"])[..., 0].numpy()
    height, width = 32 - index % 3, 32 - 2 * (index % 4)
    image, mask = image[:height, :width], mask[:height, :width].copy()
    mask[-1] = 255
    return image, mask


def write_records(path: Path, indices: Sequence[int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tf.io.TFRecordWriter(str(path), "GZIP") as writer:
        for index in indices:
            writer.write(_to_example(index).SerializeToString())


def _to_example(index: int) -> tf.train.Example:
    image, mask = draw_pair(index)
    texts = {
        "image": encode_rgb_png(image),
        "mask/square": encode_mask_png(mask),
        "example_id": f"square_{index}".encode(),
        "group_id": f"square_{index}".encode(),
        "view": VIEWS[index % 2].encode(),
        "domain": b"synthetic",
        "source": b"drawn",
        "instances": b"[]",
    }
    features = {
        key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
        for key, value in texts.items()
    }
    for key, value in {"height": image.shape[0], "width": image.shape[1]}.items():
        features[key] = tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))
    return tf.train.Example(features=tf.train.Features(feature=features))


def make_examples(folder: Path, shards: int = 1, **splits: Sequence[int]):
    """Returns an `Examples` artifact with these indices per split, in files in turn."""
    import json

    from tfx.types import standard_artifacts

    for split, indices in splits.items():
        for shard in range(shards):
            name = f"data_tfrecord-{shard:05d}-of-{shards:05d}.gz"
            write_records(folder / f"Split-{split}" / name, indices[shard::shards])
    examples = standard_artifacts.Examples()
    examples.uri, examples.split_names = str(folder), json.dumps(list(splits))
    return examples


def make_model(folder: Path, rule: Rule, signature_name: str = "examples"):
    """Returns a `Model` artifact, laid out as the Trainer does."""
    from tfx.types import standard_artifacts

    model = standard_artifacts.Model()
    model.uri = save_rule_model(folder, rule, signature_name)
    return model


def evaluate(examples, model, baseline, out_dir: Path, beam_args=(), **config_changes):
    """Runs TFX's own Evaluator as the pipeline does; returns its artifact."""
    import json

    from google.protobuf import json_format
    from tfx.components.evaluator.executor import Executor
    from tfx.types import standard_artifacts

    from components.segmentation_metrics.eval_config import (
        EVALUATOR_MODULE,
        eval_config,
    )

    config = eval_config(
        **{
            "task": "square",
            "taxonomy": SQUARES.to_dict(),
            "slice_features": ("view", "domain"),
            "inference_batch_size": 2,
        }
        | config_changes
    )
    evaluation = standard_artifacts.ModelEvaluation()
    evaluation.uri = str(out_dir)
    inputs = {"examples": [examples], "model": [model]}
    if baseline is not None:
        inputs["baseline_model"] = [baseline]
    context = Executor.Context(
        beam_pipeline_args=list(beam_args), tmp_dir=str(out_dir), unique_id="1"
    )
    Executor(context).Do(
        inputs,
        {"evaluation": [evaluation], "blessing": [standard_artifacts.ModelBlessing()]},
        {
            "eval_config": json_format.MessageToJson(
                config, preserving_proto_field_name=True
            ),
            "example_splits": json.dumps(["test"]),
            "module_path": EVALUATOR_MODULE,
        },
    )
    return evaluation
