import math

import numpy as np
import pytest

pytestmark = pytest.mark.integration


@pytest.fixture
def write(tmp_path):
    """Returns a writer of what the Evaluator leaves: slices with named values."""
    import tensorflow as tf
    from tensorflow_model_analysis.proto import metrics_for_slice_pb2

    def write_entries(*entries):
        path = tmp_path / "metrics-00000-of-00001.tfrecord"
        with tf.io.TFRecordWriter(str(path)) as out:
            for columns, values in entries:
                entry = metrics_for_slice_pb2.MetricsForSlice()
                for column in columns:
                    entry.slice_key.single_slice_keys.add(**column)
                for key, value in values:
                    item = entry.metric_keys_and_values.add()
                    for field, content in key.items():
                        setattr(item.key, field, content)
                    set_value(item.value, value)
                out.write(entry.SerializeToString())
        return str(tmp_path)

    return write_entries


def set_value(target, value):
    """Sets a number, or an array in the field of its own type."""
    if isinstance(value, float):
        target.double_value.value = value
        return
    target.array_value.shape.extend(value.shape)
    getattr(target.array_value, f"{value.dtype}_values").extend(value.ravel().tolist())


def test_two_models_are_told_apart_and_their_difference_is_left_out(write):
    from components.model_gate.evaluation_reader import read_evaluation

    uri = write(
        (
            [],
            [
                ({"name": "miou", "model_name": "candidate"}, 0.75),
                ({"name": "miou", "model_name": "baseline"}, 0.5),
                ({"name": "miou", "model_name": "candidate", "is_diff": True}, 0.25),
                ({"name": "miou", "model_name": "other"}, 0.1),
            ],
        )
    )
    assert read_evaluation(uri) == {
        "candidate": {(): {"miou": 0.75}},
        "baseline": {(): {"miou": 0.5}},
    }


def test_a_model_without_a_name_is_the_candidate_and_nan_stays(write):
    from components.model_gate.evaluation_reader import read_evaluation

    found = read_evaluation(write(([], [({"name": "iou/car"}, math.nan)])))
    assert math.isnan(found["candidate"][()]["iou/car"])
    assert found["baseline"] == {}


def test_slices_are_sorted_features_with_values_as_text(write):
    from components.model_gate.evaluation_reader import read_evaluation

    columns = [
        {"column": "view", "bytes_value": "Straße".encode()},
        {"column": "doors", "int64_value": 4},
    ]
    found = read_evaluation(write((columns, [({"name": "miou"}, 0.5)])))
    key = (("doors", "4"), ("view", "Straße"))
    assert found["candidate"] == {key: {"miou": 0.5}}


def test_what_is_no_single_number_is_left_out(write):
    from components.model_gate.evaluation_reader import read_evaluation

    uri = write(([], [({"name": "confusion_matrix"}, np.zeros(0, np.int64))]))
    assert read_evaluation(uri)["candidate"] == {}


def draw_arrays(seed):
    rng = np.random.default_rng(seed)
    return {
        "bootstrap/iou/car": rng.random(5, np.float32),
        "sums/overlap": rng.random(7) * 1e6,
        "confusion_matrix": rng.integers(0, 2**60, (2, 3)),
    }


def test_all_that_was_measured_of_both_models_is_read_at_once(write, monkeypatch):
    import tensorflow_model_analysis as tfma

    from components.model_gate.evaluation_reader import read_measured

    stored = {"candidate": draw_arrays(1), "baseline": draw_arrays(2)}
    values = [
        ({"name": name, "model_name": model}, value)
        for model, arrays in stored.items()
        for name, value in [*arrays.items(), ("iou/car", 0.75)]
    ]
    of_slice = draw_arrays(3)
    slice_values = [({"name": name}, value) for name, value in of_slice.items()]
    uri = write(
        ([{"column": "view", "bytes_value": b"front"}], slice_values), ([], values)
    )
    readings, load = [], tfma.load_metrics
    monkeypatch.setattr(tfma, "load_metrics", lambda *a: readings.append(a) or load(*a))

    found = read_measured(uri)

    assert readings == [(uri,)]
    for model, arrays in stored.items():
        measured = found[model]
        assert measured.numbers == {(): {"iou/car": 0.75}}
        assert list(measured.replicates[()]) == ["iou/car"]
        replicates = measured.replicates[()]["iou/car"]
        np.testing.assert_array_equal(replicates, arrays["bootstrap/iou/car"])
        assert list(measured.sums[()]) == ["overlap"]
        np.testing.assert_array_equal(
            measured.sums[()]["overlap"], arrays["sums/overlap"]
        )
        np.testing.assert_array_equal(measured.matrix, arrays["confusion_matrix"])
    front = found["candidate"].sums[(("view", "front"),)]
    np.testing.assert_array_equal(front["overlap"], of_slice["sums/overlap"])
    assert list(found["baseline"].sums) == [()]


def test_an_evaluation_without_arrays_has_numbers_alone(write):
    from components.model_gate.evaluation_reader import read_measured
    from components.model_gate.measurements import Measured

    found = read_measured(write(([], [({"name": "miou"}, 0.5)])))
    assert found == {
        "candidate": Measured(numbers={(): {"miou": 0.5}}),
        "baseline": Measured(numbers={}),
    }
