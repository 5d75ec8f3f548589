from __future__ import annotations

import json
from pathlib import Path

import cv2
import keras
import numpy as np
import pytest
import tensorflow as tf

from serving.keras_answers import unpack_keras_answers
from tests.serving.drawn_model import (
    HEIGHT_PX,
    TAXONOMY,
    WIDTH_PX,
    build_colour_model,
    prepare,
    right_mask,
)
from tests.serving.exported import SessionModel, decode_mask, export_drawn_model
from tests.tfds_builders import drawn_photos as drawn
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.modeling.registry import build_model

pytestmark = pytest.mark.integration

SIZES = [(48, 64), (40, 56), (201, 133), (31, 300), (7, 5)]


def photos() -> dict[str, bytes]:
    """Returns a file of every kind that the served model must read."""
    image = drawn.picture()
    pixels = np.asarray(image)
    alpha = np.dstack([pixels, np.full(pixels.shape[:2], 99, np.uint8)])
    files = {
        f"{height}x{width}": drawn.encode(drawn.picture(height, width), "JPEG")
        for height, width in SIZES
    }
    for orientation in range(1, 9):
        exif = drawn.gps_exif(orientation)
        files[f"jpeg {orientation}"] = drawn.encode(image, "JPEG", exif=exif)
        files[f"png {orientation}"] = drawn.encode(image, "PNG", exif=exif)
    return files | {
        "grey jpeg": drawn.encode(image.convert("L"), "JPEG"),
        "grey png": drawn.encode(image.convert("L"), "PNG"),
        "cmyk": drawn.encode(image.convert("CMYK"), "JPEG"),
        "alpha": cv2.imencode(".png", alpha)[1].tobytes(),
        "16 bit": cv2.imencode(".png", pixels[..., ::-1].astype(np.uint16) * 257)[
            1
        ].tobytes(),
        "16 bit grey": cv2.imencode(".png", pixels[..., 0].astype(np.uint16) * 257)[
            1
        ].tobytes(),
        "bmp": drawn.encode(image, "BMP"),
        "gif": drawn.encode(image.quantize(16), "GIF"),
    }


PHOTOS = photos()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("export") / "model"
    killed = directory.with_name(".model.staged")
    killed.mkdir()
    (killed / "half_a_model").touch()
    export_drawn_model(
        directory,
        assets={"card.md": "# Колір"},
        photos=[PHOTOS["201x133"], PHOTOS["jpeg 6"]],
    )
    return directory


@pytest.fixture(scope="module")
def served(exported: Path) -> SessionModel:
    return SessionModel(exported)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return build_colour_model()


def keras_scores(model: keras.Model, data: bytes) -> np.ndarray:
    """Returns the Keras model's own scores at the photo's size."""
    image, box, size_px = prepare(tf.constant(data))
    logits = model.predict(image.numpy()[None].astype(np.float32), verbose=0)[0]
    top, left, height, width = box.numpy()
    scores = tf.nn.softmax(logits)[top : top + height, left : left + width]
    return tf.image.resize(scores, size_px).numpy()


def test_every_photo_gets_the_keras_models_own_mask(
    served: SessionModel, model: keras.Model
) -> None:
    answer = served("serving_default", image_bytes=list(PHOTOS.values()))
    for index, (name, data) in enumerate(PHOTOS.items()):
        scores = keras_scores(model, data)
        expected = scores.argmax(-1)
        mask_ids = decode_mask(answer["mask_png_bytes"][index])
        np.testing.assert_array_equal(mask_ids, expected, err_msg=name)
        assert (answer["height"][index], answer["width"][index]) == mask_ids.shape
        share = np.bincount(expected.ravel(), minlength=3) / expected.size
        np.testing.assert_allclose(answer["area_fraction"][index], share, rtol=1e-6)
        assert answer["area_fraction"][index].sum() == pytest.approx(1)
        found = expected != 0 if expected.any() else expected == 0
        confidence = scores.max(-1)[found].mean()
        assert answer["confidence"][index] == pytest.approx(confidence, rel=1e-5), name
    assert answer["height"].dtype == answer["width"].dtype == np.int32
    assert answer["area_fraction"].dtype == answer["confidence"].dtype == np.float32


def test_a_network_of_convolutions_answers_as_in_keras(tmp_path: Path) -> None:
    keras.utils.set_random_seed(3)
    config = ModelConfig(name="unet", depth=2, base_width=8)
    network = build_model(config, num_classes=3, height_px=HEIGHT_PX, width_px=WIDTH_PX)
    export_drawn_model(tmp_path / "model", model=network)
    names = [f"{height}x{width}" for height, width in SIZES]
    batch = [PHOTOS[name] for name in names]
    answer = SessionModel(tmp_path / "model")("serving_default", image_bytes=batch)
    seen = set()
    for name, data, png in zip(names, batch, answer["mask_png_bytes"], strict=True):
        expected = keras_scores(network, data).argmax(-1)
        np.testing.assert_array_equal(decode_mask(png), expected, err_msg=name)
        seen |= set(np.unique(expected))
    assert len(seen) > 1  # else equality would prove little


def test_the_mask_is_the_right_one_and_follows_the_orientation(
    served: SessionModel,
) -> None:
    image = drawn.picture(HEIGHT_PX, WIDTH_PX)
    expected = right_mask(np.asarray(image))
    assert set(np.unique(expected)) == {0, 1, 2}
    turned = drawn.encode(image.rotate(90, expand=True), "PNG", exif=drawn.gps_exif(6))
    answer = served("serving_default", image_bytes=[drawn.encode(image, "PNG"), turned])
    for png in answer["mask_png_bytes"]:
        np.testing.assert_array_equal(decode_mask(png), expected)


def test_no_photo_is_no_mask(served: SessionModel) -> None:
    answer = served("serving_default", image_bytes=np.array([], object))
    assert answer["mask_png_bytes"].shape == (0,)
    assert answer["area_fraction"].shape == (0, 3)


def test_saved_model_load_gives_the_same_bytes_as_a_session(
    exported: Path, served: SessionModel
) -> None:
    batch = [PHOTOS["201x133"], PHOTOS["cmyk"]]
    loaded = tf.saved_model.load(str(exported))
    default = loaded.signatures["serving_default"](image_bytes=tf.constant(batch))
    answer = served("serving_default", image_bytes=batch)
    assert sorted(default) == sorted(answer)
    for alias, value in default.items():
        np.testing.assert_array_equal(value.numpy(), answer[alias])


def test_signatures_at_the_models_size(
    served: SessionModel, model: keras.Model
) -> None:
    names = ["40x56", "31x300", "jpeg 8"]
    batch = [PHOTOS[name] for name in names]
    prepared = [prepare(tf.constant(data)) for data in batch]
    images = np.stack([image.numpy() for image, _, _ in prepared])
    boxes = np.stack([box.numpy() for _, box, _ in prepared])
    logits = model.predict(images.astype(np.float32), verbose=0)

    ids = served("mask_ids", image_bytes=batch)
    assert ids["mask"].dtype == np.uint8
    np.testing.assert_array_equal(ids["mask"], logits.argmax(-1))
    np.testing.assert_array_equal(ids["box"], boxes)
    dense = served("dense", image=images)
    np.testing.assert_array_equal(dense["mask"], ids["mask"])
    scores = served("probabilities", image_bytes=batch)
    np.testing.assert_allclose(
        scores["probabilities"], tf.nn.softmax(logits), atol=1e-6
    )
    assert scores["probabilities"].shape == (3, HEIGHT_PX, WIDTH_PX, 3)


def make_record(image: bytes, orientation: int) -> bytes:
    features = {
        "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image])),
        "orientation": tf.train.Feature(
            int64_list=tf.train.Int64List(value=[orientation])
        ),
        "view": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"front"])),
    }
    return tf.train.Example(
        features=tf.train.Features(feature=features)
    ).SerializeToString()


def test_records_turn_by_their_own_orientation(
    served: SessionModel, model: keras.Model
) -> None:
    plain = drawn.encode(drawn.picture(40, 56), "PNG")
    records = [make_record(plain, value) for value in range(1, 9)]
    answer = served("examples", examples=records)
    for index in range(8):
        exif = drawn.gps_exif(index + 1)
        camera = drawn.encode(drawn.picture(40, 56), "PNG", exif=exif)
        scores = keras_scores(model, camera)
        np.testing.assert_array_equal(
            decode_mask(answer["mask_png_bytes"][index]), scores.argmax(-1)
        )
        np.testing.assert_array_equal(
            decode_mask(answer["confidence_png_bytes"][index]),
            np.round(scores.max(-1) * 255),
        )


REFUSED = {
    "webp": drawn.encode(drawn.picture(), "WEBP"),
    "tiff": drawn.encode(drawn.picture(), "TIFF"),
    "text": b"hello, I am no picture",
    "empty": b"",
    "invalid utf-8": b"\xff\xfe\x80",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_is_an_invalid_argument_with_its_place(
    served: SessionModel, data: bytes
) -> None:
    good = PHOTOS["40x56"]
    message = (
        rf"image_bytes\[2\] must be JPEG, PNG, BMP or GIF, got {len(data)} bytes of"
        r" another kind; convert other formats \(WebP, HEIC, TIFF\) first"
    )
    for signature in ("serving_default", "mask_ids", "probabilities"):
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            served(signature, image_bytes=[good, good, data, good])
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"image of examples\[1\] must be JPEG"
    ):
        served("examples", examples=[make_record(good, 1), make_record(data, 1)])


@pytest.mark.parametrize("name", ["40x56", "png 1", "bmp", "gif"])
def test_a_truncated_picture_is_an_invalid_argument(
    served: SessionModel, name: str
) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError):
        served("serving_default", image_bytes=[PHOTOS[name][:60]])


def test_a_record_without_orientation_is_refused(served: SessionModel) -> None:
    example = tf.train.Example.FromString(make_record(PHOTOS["40x56"], 1))
    del example.features.feature["orientation"]
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"orientation .* required"
    ):
        served("examples", examples=[example.SerializeToString()])


def test_assets_travel_and_say_what_made_the_model(exported: Path) -> None:
    assets = {path.name: path.read_text("utf-8") for path in exported.glob("assets/*")}
    assert json.loads(assets.pop("taxonomy.json")) == TAXONOMY
    assert json.loads(assets.pop("prepare.json")) == {"height_px": HEIGHT_PX}
    assert json.loads(assets.pop("made_with.json")) == {
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }
    assert assets == {"card.md": "# Колір"}
    content = exported.joinpath("saved_model.pb").read_bytes()
    assert str(exported).encode() not in content
    assert b"carseg-assets-" not in content


def test_a_model_that_is_loaded_and_saved_again_keeps_its_assets(
    exported: Path, tmp_path: Path
) -> None:
    loaded = tf.saved_model.load(str(exported))
    tf.saved_model.save(loaded, str(tmp_path / "again"))
    names = {path.name for path in tmp_path.glob("again/assets/*")}
    assert names == {"taxonomy.json", "prepare.json", "made_with.json", "card.md"}


def test_the_recorded_answers_are_the_served_ones(
    exported: Path, served: SessionModel
) -> None:
    content = exported.joinpath("assets.extra/keras_answers.npz").read_bytes()
    answers = unpack_keras_answers(content)
    batch = [answer.image_bytes for answer in answers]
    assert batch == [PHOTOS["201x133"], PHOTOS["jpeg 6"]]
    pngs = served("serving_default", image_bytes=batch)["mask_png_bytes"]
    # Not only the pixels: one encoder setting packs the same mask in the same bytes.
    assert list(pngs) == [answer.mask_png_bytes for answer in answers]
    assert decode_mask(answers[1].mask_png_bytes).shape == (56, 40)


def test_a_failed_export_leaves_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError):
        export_drawn_model(tmp_path / "model", photos=[b"no picture"])

    def write_half(_archive: object, folder: str, **_options: object) -> None:
        Path(folder).mkdir()
        Path(folder, "saved_model.pb").touch()
        raise OSError("disk full")

    monkeypatch.setattr(type(keras.export.ExportArchive()), "write_out", write_half)
    with pytest.raises(OSError, match="disk full"):
        export_drawn_model(tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_what_a_killed_export_left_is_gone_and_a_model_is_not_overwritten(
    exported: Path,
) -> None:
    assert [path.name for path in exported.parent.iterdir()] == ["model"]
    assert not (exported / "half_a_model").exists()
    with pytest.raises(ValueError, match="folder must be new or empty"):
        export_drawn_model(exported)


@pytest.mark.parametrize("name", ["taxonomy.json", "../card.md", ""])
def test_assets_have_plain_and_free_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="an asset must have a plain file name"):
        export_drawn_model(tmp_path / "model", assets={name: "x"})


def test_logits_of_another_number_of_classes_are_refused(tmp_path: Path) -> None:
    two = TAXONOMY | {"classes": TAXONOMY["classes"][:2]}
    with pytest.raises(ValueError, match=r"\(None, 48, 64, 2\), got \(None, 48, 64, 3"):
        export_drawn_model(tmp_path / "model", taxonomy=two)
