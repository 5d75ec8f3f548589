"""A model is calibrated on eval: bounded pixels, the same ones, written down."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.tfx_pipeline.training.drawn_splits import tiny, write_split
from tfx_pipeline.training.calibrate import calibrate, calibration_line
from tfx_pipeline.training.history import write_history
from tfx_pipeline.training.logit_sample import sample_logits
from tfx_pipeline.training.splits import Splits, read_splits
from tfx_pipeline.training.temperature import Calibration

PICTURES, SIZE_PX = 6, 32
PIXELS = PICTURES * SIZE_PX * SIZE_PX


@pytest.fixture(scope="module")
def splits(tmp_path_factory: pytest.TempPathFactory) -> Splits:
    """Batches of four: the second of eval has two pictures only."""
    folder = tmp_path_factory.mktemp("data")
    return read_splits(
        [write_split(folder, "train", 4)],
        [write_split(folder, "eval", PICTURES, copies=1)],
        tiny(),
    )


def brightness_model(gain: float) -> keras.Model:
    """Logits that grow with the red of a pixel alone, by `gain`.

    Squares have 120 and more, so what has 100 to 119 is taken for one.
    """
    image = keras.Input((SIZE_PX, SIZE_PX, 3))
    head = keras.layers.Conv2D(2, 1, name="logits")
    model = keras.Model(image, head(image))
    kernel = np.zeros((1, 1, 3, 2), np.float32)
    kernel[0, 0, 0] = [0, gain]
    head.set_weights([kernel, np.array([gain * 100, 0], np.float32)])
    return model


def place_model() -> keras.Model:
    """Says where a pixel lies, as its first logit, and in which picture."""
    image = keras.Input((SIZE_PX, SIZE_PX, 3))
    places = np.arange(SIZE_PX**2, dtype=np.float32).reshape(1, SIZE_PX, SIZE_PX, 1)
    nothing = image[..., :1] * 0
    mean = keras.ops.mean(image, axis=(1, 2, 3), keepdims=True)
    logits = keras.ops.concatenate([nothing + places, nothing + mean], axis=-1)
    return keras.Model(image, logits)


def every_pixel(splits: Splits, gain: float) -> list[tuple[float, float, int]]:
    """Both logits and the label of each eval pixel, one by one."""
    rows = []
    for images, mask_ids in splits.evaluation().unbatch().as_numpy_iterator():
        for pixels, labels in zip(images, mask_ids, strict=True):
            for (red, _, _), label in zip(pixels, labels, strict=True):
                rows.append((gain * 100, gain * float(red), int(label)))
    return rows


def test_a_small_split_is_taken_whole(splits: Splits) -> None:
    logits, ids = sample_logits(brightness_model(0.125), splits)

    expected = every_pixel(splits, 0.125)
    assert len(expected) == PIXELS
    np.testing.assert_allclose(logits, [row[:2] for row in expected], rtol=1e-6)
    np.testing.assert_array_equal(ids, [row[2] for row in expected])


def test_a_large_split_gives_some_pixels_of_all_pictures_the_same_each_time(
    splits: Splits,
) -> None:
    model = place_model()

    logits, ids = sample_logits(model, splits, max_pixels=1024)
    again, again_ids = sample_logits(model, splits, max_pixels=1024)

    # Two batches of four have room for eight pictures, six are there.
    assert len(ids) == 1024 * PICTURES // 8
    np.testing.assert_array_equal(logits, again)
    np.testing.assert_array_equal(ids, again_ids)
    places, means = logits.astype(np.float64).T
    assert len(np.unique(logits, axis=0)) == len(logits)
    found = 0
    for images, mask_ids in splits.evaluation().unbatch().batch(1).as_numpy_iterator():
        here = np.isclose(means, images.mean(), atol=1e-3)
        flat = mask_ids.reshape(-1)
        np.testing.assert_array_equal(flat[places[here].astype(int)], ids[here])
        # 128 of a picture on average; four standard deviations of a fair draw are 43.
        assert abs(int(here.sum()) - 128) < 43
        found += int(here.sum())
    assert found == len(ids)
    assert np.bincount(places.astype(int) % SIZE_PX, minlength=SIZE_PX).min() > 0


def test_only_what_an_evaluation_reads_is_drawn(tmp_path: Path) -> None:
    cut = read_splits(
        [write_split(tmp_path, "train", 4)],
        [write_split(tmp_path, "eval", PICTURES)],
        tiny(max_eval_steps=1),
    )

    _, ids = sample_logits(brightness_model(1.0), cut)

    assert len(ids) == 4 * SIZE_PX**2


def test_void_pixels_are_left_out(tmp_path: Path) -> None:
    void = read_splits(
        [write_split(tmp_path, "train", 4)],
        [write_split(tmp_path, "eval", 2, void=True)],
        tiny(),
    )

    logits, ids = sample_logits(brightness_model(1.0), void)

    assert (logits.shape, ids.shape) == ((0, 2), (0,))


def test_the_model_is_divided_and_history_says_by_what(
    splits: Splits, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_history({"best_epoch": 2}, str(tmp_path / "history.json"))
    model = brightness_model(0.5)
    pixels = np.random.default_rng(0).integers(0, 256, (1, SIZE_PX, SIZE_PX, 3))
    before = np.array(model(pixels.astype(np.float32)))

    found = calibrate(model, splits, str(tmp_path))

    history = json.loads((tmp_path / "history.json").read_text("utf-8"))
    assert history == {"best_epoch": 2, "calibration": found.to_dict()}
    assert found.pixels == PIXELS
    assert found.temperature > 1.1
    after = np.array(model(pixels.astype(np.float32)))
    np.testing.assert_allclose(after * found.temperature, before, rtol=1e-5)
    assert capfd.readouterr().err.splitlines() == [calibration_line(found)]
    assert keras.config.dtype_policy().name == "float32"


def test_a_calibrated_model_is_calibrated(splits: Splits, tmp_path: Path) -> None:
    write_history({}, str(tmp_path / "history.json"))
    model = brightness_model(0.5)
    first = calibrate(model, splits, str(tmp_path))

    second = calibrate(model, splits, str(tmp_path))

    assert second.temperature == pytest.approx(1, abs=1e-4)
    assert second.nll_before == pytest.approx(first.nll_after, abs=1e-6)


def test_the_line_says_temperature_pixels_and_the_error_before_and_after() -> None:
    found = Calibration(
        temperature=1.2345,
        nll_before=0.4,
        nll_after=0.3,
        ece_before=0.0512,
        ece_after=0.0118,
        pixels=123_456,
    )

    assert calibration_line(found) == (
        "temperature 1.234 from 123,456 eval pixels: the scores' calibration error is"
        " 0.012, was 0.051"
    )
