import pytest

from components.dataset_auditor.example_reader import (
    first_bytes,
    first_int,
    first_text,
    read_example,
)
from tests.components.dataset_auditor.drawn_records import encode_example


def test_reads_text_bytes_and_negative_integers():
    features = read_example(
        encode_example({"이름": "a<b", "image": b"\x00\xff" * 200, "height": -7})
    )
    assert first_text(features, "이름") == "a<b"
    assert first_bytes(features, "image") == b"\x00\xff" * 200
    assert first_int(features, "height") == -7


def test_a_feature_of_the_other_kind_or_none_is_absent():
    features = read_example(encode_example({"height": 3}))
    assert first_bytes(features, "height") is None
    assert first_int(features, "width") is None
    assert first_text(features, "view") == ""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x0a\xff\x01abc", "wants 255 bytes, 3 are left"),
        (b"\x0a", "ends inside a number"),
        (b"\x00\x00", "field number 0"),
        (b"\x0b", "wire type 3"),
        (b"\xff" * 11, "more than 64 bits"),
    ],
    ids=["cut off", "no length", "zeros", "group", "endless number"],
)
def test_damaged_bytes_are_refused_with_the_reason(data, reason):
    with pytest.raises(ValueError, match=reason):
        read_example(data)


@pytest.mark.integration
def test_agrees_with_tensorflow():
    import tensorflow as tf

    example = tf.train.Example()
    example.features.feature["ints"].int64_list.value.extend([5, -1, 2**62])
    example.features.feature["texts"].bytes_list.value.extend([b"a", b""])
    example.features.feature["floats"].float_list.value.extend([0.5])
    example.features.feature["none"].SetInParent()
    assert read_example(example.SerializeToString()) == {
        "ints": [5, -1, 2**62],
        "texts": [b"a", b""],
    }
    ours = encode_example({"image": b"xyz", "height": -3, "name": "라"})
    parsed = tf.train.Example.FromString(ours).features.feature
    assert parsed["height"].int64_list.value[:] == [-3]
    assert parsed["name"].bytes_list.value[:] == ["라".encode()]
