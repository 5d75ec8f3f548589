from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from tests.tfds_builders import drawn_photos as drawn
from tfds_builders import image_metadata, upright
from tfx_pipeline.data import orientation
from tfx_pipeline.data.orientation import apply_orientation, read_orientation

STATED = drawn.stated_exif_files()
BROKEN = drawn.broken_exif_files()


@tf.function(input_signature=[tf.TensorSpec([], tf.string)])
def read_in_graph(image_bytes: tf.Tensor) -> tf.Tensor:
    return read_orientation(image_bytes)


@pytest.mark.parametrize("name", STATED)
def test_orientation_is_read_wherever_it_stands(name: str) -> None:
    data, expected = STATED[name]
    result = read_in_graph(data)
    assert result.dtype == tf.int32
    assert result.numpy() == expected == image_metadata.read_orientation(data)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_or_absent_exif_means_upright(name: str) -> None:
    assert read_in_graph(BROKEN[name]).numpy() == 1


def test_without_a_graph_the_answer_is_the_same() -> None:
    assert read_orientation(STATED["jpeg little 7"][0]).numpy() == 7
    assert read_orientation(b"").numpy() == 1


@pytest.mark.parametrize("kind", ["jpeg big 6", "png little 6"])
def test_graph_and_python_agree_on_damaged_files(kind: str) -> None:
    draw = np.random.default_rng(11)
    seen = set()
    for _ in range(150):
        damaged = bytearray(STATED[kind][0][: draw.integers(20, 700)])
        for at in draw.integers(0, min(len(damaged), 90), draw.integers(1, 4)):
            damaged[at] = draw.choice([0, 1, 3, 8, 0xFF, 0xE1, 0xDA])
        data = bytes(damaged)
        expected = image_metadata.read_orientation(data)
        assert read_in_graph(data).numpy() == expected, data
        seen.add(expected)
    assert {1, 6} <= seen


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xe0\x00\x02" + b"\x00" * 3_000_000,
        b"\xff\xd8" + b"\xff\xe0\x00\x02" * 700_000,
        b"\x89PNG\r\n\x1a\n" + (b"\x00" * 4 + b"teXt" + b"\x00" * 4) * 250_000,
    ],
    ids=["stray bytes", "segments", "chunks"],
)
def test_a_file_of_tiny_segments_is_given_up(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orientation, "MAX_STEPS", 50)
    steps = tf.Variable(0)
    read_bytes = orientation._read_bytes

    def counted(*args: object) -> tf.Tensor:
        steps.assign_add(1)
        return read_bytes(*args)

    monkeypatch.setattr(orientation, "_read_bytes", counted)
    assert read_orientation(data).numpy() == 1
    assert steps.numpy() == 51  # the signature and 50 steps


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("dtype", [tf.int32, tf.int64])
def test_pixels_turn_as_in_python(value: int, dtype: tf.DType) -> None:
    pixels = np.asarray(drawn.picture(30, 44))

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None, 3], tf.uint8),
            tf.TensorSpec([], dtype),
        ]
    )
    def in_graph(image: tf.Tensor, turned: tf.Tensor) -> tf.Tensor:
        result = apply_orientation(image, turned)
        assert result.shape.as_list() == [None, None, 3]
        return result

    expected = upright.apply_orientation(pixels, value)
    result = in_graph(pixels, tf.constant(value, dtype))
    np.testing.assert_array_equal(result.numpy(), expected)
    eager = apply_orientation(tf.constant(pixels), tf.constant(value, dtype))
    np.testing.assert_array_equal(eager.numpy(), expected)


@pytest.mark.parametrize("value", [-1, 0, 9, 6 + 256])
def test_an_impossible_orientation_turns_nothing(value: int) -> None:
    pixels = np.asarray(drawn.picture(3, 4))
    result = apply_orientation(tf.constant(pixels), tf.constant(value, tf.int64))
    np.testing.assert_array_equal(result.numpy(), pixels)
