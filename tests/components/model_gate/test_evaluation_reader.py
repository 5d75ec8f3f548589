import math

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
                    item.value.double_value.value = value
                out.write(entry.SerializeToString())
        return str(tmp_path)

    return write_entries


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


def test_what_is_no_single_number_is_left_out(tmp_path):
    import tensorflow as tf
    from tensorflow_model_analysis.proto import metrics_for_slice_pb2

    from components.model_gate.evaluation_reader import read_evaluation

    entry = metrics_for_slice_pb2.MetricsForSlice()
    item = entry.metric_keys_and_values.add()
    item.key.name = "confusion_matrix"
    item.value.array_value.shape.append(0)
    path = str(tmp_path / "metrics-00000-of-00001.tfrecord")
    with tf.io.TFRecordWriter(path) as out:
        out.write(entry.SerializeToString())
    assert read_evaluation(str(tmp_path))["candidate"] == {}
