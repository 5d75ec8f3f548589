from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics.batched_predictions import PredictMasks

FAILS_ON = b"old"


def batch_size_of(records):
    """Answers every record with the size of the batch that it came in."""
    size = tf.strings.as_string(tf.shape(records)[0])
    return {"mask_png_bytes": tf.fill(tf.shape(records), size)}


def refuse_old(records):
    check = tf.debugging.Assert(tf.reduce_all(records != FAILS_ON), ["wants image"])
    with tf.control_dependencies([check]):
        return {"mask_png_bytes": tf.identity(records)}


def model(function=batch_size_of, signature="examples"):
    spec = tf.TensorSpec([None], tf.string, name="examples")
    concrete = tf.function(function, [spec], autograph=False).get_concrete_function()
    loaded = SimpleNamespace(signatures={signature: _keyword_only(concrete)})
    return SimpleNamespace(model_loader=SimpleNamespace(load=lambda: loaded))


def _keyword_only(concrete):
    """Looks like a signature of a loaded SavedModel."""

    class Signature:
        structured_input_signature = ((), {"examples": None})
        structured_outputs = concrete.structured_outputs

        def __call__(self, *, examples):
            return concrete(examples)

    return Signature()


def spec(name="", size=2, **options):
    return config_pb2.ModelSpec(
        name=name,
        signature_name="examples",
        prediction_key="mask_png_bytes",
        inference_batch_size=size,
        **options,
    )


def predict(specs, models, records=(b"a", b"b", b"c", b"d", b"e")):
    step = PredictMasks(specs, models)
    step.setup()
    extracts = {
        "input": np.array(records, object),
        "features": {"image": "large", "instances": "[]", "view": "front"},
        "labels": "kept",
    }
    (answer,) = step.process(extracts)
    return answer


def test_a_batch_is_never_larger_than_the_bound():
    masks = predict([spec(size=2)], [model()])["predictions"]["mask_png_bytes"]
    assert masks.tolist() == [b"2", b"2", b"2", b"2", b"1"]
    masks = predict([spec(size=8)], [model()])["predictions"]["mask_png_bytes"]
    assert masks.tolist() == [b"5"] * 5


def test_pictures_are_dropped_and_the_rest_is_kept():
    answer = predict([spec()], [model()])
    assert answer["features"] == {"view": "front"}
    assert answer["labels"] == "kept" and "input" not in answer


BOTH = [spec("candidate"), spec("baseline", is_baseline=True)]


def test_two_models_are_told_apart_by_name():
    answer = predict(BOTH, [model(), model(refuse_old)])
    assert sorted(answer["predictions"]) == ["baseline", "candidate"]
    baseline = answer["predictions"]["baseline"]["mask_png_bytes"]
    assert baseline.tolist() == [b"a", b"b", b"c", b"d", b"e"]


def test_a_baseline_that_cannot_be_asked_is_left_out():
    answer = predict(BOTH, [model(), model(signature="masks")])
    assert list(answer["predictions"]) == ["candidate"]


def test_a_baseline_that_fails_on_a_record_is_left_out():
    models = [model(), model(refuse_old)]
    answer = predict(BOTH, models, records=[b"a", FAILS_ON])
    assert list(answer["predictions"]) == ["candidate"]


def test_a_candidate_that_fails_on_a_record_ends_the_run():
    models = [model(refuse_old), model()]
    with pytest.raises(tf.errors.InvalidArgumentError, match="wants image"):
        predict(BOTH, models, records=[b"a", FAILS_ON])


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            {"signature": "masks"},
            "the model needs the signature 'examples', it has ['masks']; export it with"
            " serving's signatures",
        ),
        (
            {"function": lambda records: {"mask": records}},
            "the signature 'examples' must return 'mask_png_bytes', it returns"
            " ['mask']; export the model anew",
        ),
    ],
    ids=["signature", "output"],
)
def test_a_candidate_that_cannot_be_asked_is_refused(made, message):
    with pytest.raises(ValueError) as error:
        predict([spec()], [model(**made)])
    assert str(error.value) == message
