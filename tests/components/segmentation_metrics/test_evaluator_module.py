"""Models exported as for production, measured by TFX's Evaluator at original size."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.components.segmentation_metrics.plain_loops import oracle
from tests.serving.drawn_model import TAXONOMY, build_colour_model, prepare
from tests.serving.exported import export_drawn_model
from tests.tfds_builders import drawn_photos as drawn
from tfds_builders.png_encoding import encode_mask_png

pytestmark = pytest.mark.integration

NAMES = ("background", "red", "blue")
SIZES = [(48, 64), (20, 30), (71, 45), (9, 80), (40, 56)]  # of the stored photo
ORIENTATIONS = [1, 6, 3, 8, 5]
VIEWS = [b"front", b"rear", b"front", b"rear", b"front"]


def upright_mask(index):
    """A true mask of its own, at the size of the upright photo, with some void."""
    rng = np.random.default_rng(index)
    height, width = SIZES[index]
    size = (width, height) if ORIENTATIONS[index] >= 5 else (height, width)
    return rng.choice([0, 0, 0, 1, 2, 255], size).astype(np.uint8)


def photo(index):
    return drawn.encode(drawn.picture(*SIZES[index]), "PNG")


def write_examples(folder):
    import json

    from tfx.types import standard_artifacts

    path = folder / "Split-test/data_tfrecord-00000-of-00001.gz"
    path.parent.mkdir(parents=True)
    with tf.io.TFRecordWriter(str(path), "GZIP") as writer:
        for index in range(len(SIZES)):
            texts = {
                "image": photo(index),
                "mask/colour": encode_mask_png(upright_mask(index)),
                "view": VIEWS[index],
                "group_id": f"case_{index}".encode(),
            }
            features = {
                key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
                for key, value in texts.items()
            }
            features["orientation"] = tf.train.Feature(
                int64_list=tf.train.Int64List(value=[ORIENTATIONS[index]])
            )
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())
    examples = standard_artifacts.Examples()
    examples.uri, examples.split_names = str(folder), json.dumps(["test"])
    return examples


def own_mask(model: keras.Model, index: int) -> np.ndarray:
    """The Keras model's own mask of the upright photo."""
    image, box, size_px = prepare(
        tf.constant(photo(index)), orientation=tf.constant(ORIENTATIONS[index])
    )
    logits = model.predict(image.numpy()[None].astype(np.float32), verbose=0)[0]
    top, left, height, width = box.numpy()
    scores = tf.nn.softmax(logits)[top : top + height, left : left + width]
    return tf.image.resize(scores, size_px).numpy().argmax(-1)


def expected_numbers(model, indices):
    return oracle(
        [upright_mask(index) for index in indices],
        [own_mask(model, index) for index in indices],
        NAMES,
    )


def test_exported_models_are_measured_at_original_size_like_the_plain_loops(tmp_path):
    from tfx.types import standard_artifacts

    from components.model_gate.evaluation_reader import read_evaluation
    from tests.components.segmentation_metrics.rule_models import evaluate

    models = {"candidate": build_colour_model(), "baseline": build_colour_model(-8.0)}
    artifacts = {}
    for name, model in models.items():
        export_drawn_model(tmp_path / name / "Format-Serving", model=model)
        artifacts[name] = standard_artifacts.Model()
        artifacts[name].uri = str(tmp_path / name)
    evaluation = evaluate(
        write_examples(tmp_path / "set"),
        artifacts["candidate"],
        artifacts["baseline"],
        tmp_path / "evaluation",
        task="colour",
        taxonomy=TAXONOMY,
        slice_features=["view"],
    )
    found = read_evaluation(evaluation.uri)
    slices = {
        (): range(5),
        (("view", "front"),): [0, 2, 4],
        (("view", "rear"),): [1, 3],
    }
    for name, model in models.items():
        assert set(found[name]) == set(slices)
        for key, indices in slices.items():
            for metric, value in expected_numbers(model, indices).items():
                number = found[name][key][metric]
                assert number == pytest.approx(value, abs=1e-6, nan_ok=True), metric
    assert found["candidate"][()]["miou"] != found["baseline"][()]["miou"]
