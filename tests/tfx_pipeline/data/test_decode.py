from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageOps

from tests.tfds_builders import drawn_photos as drawn
from tfds_builders.photo_bytes import load_photo
from tfds_builders.png_encoding import encode_mask_png
from tfx_pipeline.data.decode import decode_mask, decode_upright

# Two versions of libjpeg may round differently; the ones measured did not (0 levels).
JPEG_TOLERANCE = 2


@tf.function(input_signature=[tf.TensorSpec([], tf.string)])
def decode_from_bytes(image_bytes: tf.Tensor) -> tf.Tensor:
    result = decode_upright(image_bytes)
    assert result.shape.as_list() == [None, None, 3]
    return result


@tf.function(
    input_signature=[tf.TensorSpec([], tf.string), tf.TensorSpec([], tf.int64)]
)
def decode_from_record(image_bytes: tf.Tensor, orientation: tf.Tensor) -> tf.Tensor:
    return decode_upright(image_bytes, orientation)


def pillow_upright(data: bytes) -> np.ndarray:
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    return np.asarray(image.convert("RGB"))


def largest_difference(left: np.ndarray, right: np.ndarray) -> int:
    assert left.shape == right.shape
    return int(np.abs(left.astype(int) - right.astype(int)).max())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("kind", "tolerance"), [("PNG", 0), ("JPEG", JPEG_TOLERANCE)], ids=["png", "jpeg"]
)
def test_record_and_camera_file_decode_as_pillow_turns_them(
    kind: str, tolerance: int, orientation: int
) -> None:
    data = drawn.encode(drawn.picture(40, 56), kind, exif=drawn.gps_exif(orientation))
    from_camera = decode_from_bytes(data).numpy()
    assert from_camera.dtype == np.uint8
    assert largest_difference(from_camera, pillow_upright(data)) <= tolerance

    photo = load_photo(data)
    from_record = decode_from_record(photo.data, photo.orientation).numpy()
    np.testing.assert_array_equal(from_record, from_camera)
    assert from_record.shape == (photo.height_px, photo.width_px, 3)


def colour_kinds() -> dict[str, tuple[bytes, int]]:
    image = drawn.picture(41, 55)
    grey, palette = image.convert("L"), image.quantize(16)
    alpha = np.dstack([np.asarray(image), np.arange(41 * 55).reshape(41, 55) % 256])
    rgba = Image.fromarray(alpha.astype(np.uint8))
    black = np.arange(41 * 55).reshape(41, 55) // 16
    cmyk = np.dstack([np.asarray(image), black]).astype(np.uint8)
    plain = drawn.encode(image, "PNG")
    return {
        "rgba png": (drawn.encode(rgba, "PNG"), 0),
        "grey alpha png": (drawn.encode(rgba.convert("LA"), "PNG"), 0),
        "grey png": (drawn.encode(grey, "PNG"), 0),
        "bilevel png": (drawn.encode(image.convert("1"), "PNG"), 0),
        "palette png": (drawn.encode(palette, "PNG", transparency=3), 0),
        "2 bit palette png": (drawn.encode(image.quantize(4), "PNG", bits=2), 0),
        "png with gamma": (
            drawn.with_chunks(plain, drawn.chunk(b"gAMA", b"\x00\x01\x00\x00")),
            0,
        ),
        "grey jpeg": (drawn.encode(grey, "JPEG"), JPEG_TOLERANCE),
        "cmyk jpeg": (
            drawn.encode(Image.fromarray(cmyk, "CMYK"), "JPEG"),
            JPEG_TOLERANCE,
        ),
        "progressive jpeg": (
            drawn.encode(image, "JPEG", progressive=True),
            JPEG_TOLERANCE,
        ),
        "4:4:4 jpeg": (drawn.encode(image, "JPEG", subsampling=0), JPEG_TOLERANCE),
        "4:2:2 jpeg": (drawn.encode(image, "JPEG", subsampling=1), JPEG_TOLERANCE),
        "bmp": (drawn.encode(image, "BMP"), 0),
        "gif": (drawn.encode(palette, "GIF"), 0),
        "moving gif": (
            drawn.encode(palette, "GIF", save_all=True, append_images=[grey]),
            0,
        ),
    }


@pytest.mark.parametrize("name", colour_kinds())
def test_every_colour_kind_becomes_the_rgb_that_pillow_sees(name: str) -> None:
    data, tolerance = colour_kinds()[name]
    result = decode_from_bytes(data).numpy()
    assert largest_difference(result, pillow_upright(data)) <= tolerance
    photo = load_photo(data)
    from_record = decode_from_record(photo.data, photo.orientation).numpy()
    assert largest_difference(from_record, result) <= tolerance


def test_16_bits_become_the_high_byte() -> None:
    samples = (np.arange(40 * 56 * 3).reshape(40, 56, 3) * 29).astype(np.uint16)
    colour = cv2.imencode(".png", samples[..., ::-1])[1].tobytes()
    grey = cv2.imencode(".png", samples[..., 0])[1].tobytes()
    expected = (samples >> 8).astype(np.uint8)
    np.testing.assert_array_equal(decode_from_bytes(colour).numpy(), expected)
    np.testing.assert_array_equal(
        decode_from_bytes(grey).numpy(), np.repeat(expected[..., :1], 3, axis=-1)
    )


def test_cmyk_without_adobes_segment_keeps_its_colours_in_the_record() -> None:
    data = drawn.encode(drawn.picture().convert("CMYK"), "JPEG")
    at = data.index(b"\xff\xee")
    plain = data[:at] + data[at + 16 :]
    seen = pillow_upright(plain)
    assert largest_difference(decode_from_bytes(plain).numpy(), seen) > 100
    photo = load_photo(plain)
    result = decode_from_record(photo.data, photo.orientation).numpy()
    np.testing.assert_array_equal(result, seen)


def test_what_load_photo_accepts_tensorflow_decodes() -> None:
    draw = np.random.default_rng(5)
    files = [drawn.encode(drawn.picture(), kind) for kind in ("JPEG", "PNG")]
    files.append(drawn.encode(drawn.picture().quantize(8), "PNG"))
    accepted = 0
    for index in range(300):
        damaged = bytearray(files[index % len(files)])
        damaged[draw.integers(len(damaged))] = draw.integers(256)
        try:
            photo = load_photo(bytes(damaged))
        except ValueError:
            continue
        result = decode_from_record(photo.data, photo.orientation)
        assert result.shape == (photo.height_px, photo.width_px, 3)
        accepted += 1
    assert accepted > 50


def test_decoding_works_in_a_dataset_and_in_map_fn() -> None:
    files = [
        drawn.encode(drawn.picture(40, 40), "PNG", exif=drawn.gps_exif(turned))
        for turned in (1, 3, 6, 8)
    ]
    expected = np.stack([pillow_upright(data) for data in files])
    dataset = tf.data.Dataset.from_tensor_slices(files).map(
        decode_upright, num_parallel_calls=2
    )
    np.testing.assert_array_equal(np.stack(list(dataset.as_numpy_iterator())), expected)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def decode_batch(batch: tf.Tensor) -> tf.Tensor:
        spec = tf.TensorSpec([None, None, 3], tf.uint8)
        return tf.map_fn(decode_upright, batch, fn_output_signature=spec)

    np.testing.assert_array_equal(decode_batch(tf.constant(files)).numpy(), expected)


def test_decoding_works_in_a_session_of_a_saved_model(tmp_path: Path) -> None:
    module = tf.Module()
    module.decode = decode_from_bytes
    tf.saved_model.save(module, str(tmp_path), signatures=decode_from_bytes)
    data = drawn.encode(drawn.picture(40, 56), "JPEG", exif=drawn.gps_exif(6))
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        loaded = tf.compat.v1.saved_model.load(session, ["serve"], str(tmp_path))
        signature = loaded.signature_def["serving_default"]
        fetched = session.run(
            next(iter(signature.outputs.values())).name,
            {next(iter(signature.inputs.values())).name: data},
        )
    np.testing.assert_array_equal(fetched, decode_from_bytes(data).numpy())
    operations = {
        node.op
        for node in decode_from_bytes.get_concrete_function().graph.as_graph_def().node
    }
    assert not operations & {"PyFunc", "EagerPyFunc", "PyFuncStateless"}


def test_a_cut_off_photo_is_an_error_not_a_grey_picture() -> None:
    data = drawn.encode(drawn.picture(), "JPEG")
    with pytest.raises(tf.errors.InvalidArgumentError):
        decode_from_bytes(data[: len(data) // 2])


def test_a_mask_keeps_every_id() -> None:
    mask_ids = np.arange(256, dtype=np.uint8).reshape(8, 32)
    data = encode_mask_png(mask_ids)
    in_graph = tf.function(decode_mask, input_signature=[tf.TensorSpec([], tf.string)])
    for decode in (decode_mask, in_graph):
        result = decode(data)
        assert result.dtype == tf.uint8
        np.testing.assert_array_equal(result.numpy(), mask_ids)


@pytest.mark.parametrize(
    "data",
    [
        drawn.encode(drawn.picture(), "PNG"),
        drawn.encode(drawn.picture().quantize(4), "PNG"),
        drawn.encode(drawn.picture().convert("1"), "PNG"),
        drawn.encode(drawn.picture().convert("L"), "JPEG"),
        b"",
    ],
    ids=["rgb", "palette", "bilevel", "jpeg", "empty"],
)
@pytest.mark.parametrize("decode", [decode_mask, tf.function(decode_mask)])
def test_what_is_no_mask_is_refused(data: bytes, decode: object) -> None:
    message = f"(?s)8-bit greyscale PNG of class ids.*{len(data)}.*encode_mask_png"
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        decode(tf.constant(data))
