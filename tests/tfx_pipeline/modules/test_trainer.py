from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from serving.keras_answers import unpack_keras_answers
from tests.serving.exported import SessionModel, decode_mask
from tests.tfx_pipeline.training.drawn_splits import tiny, write_split
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.modules import trainer
from tfx_pipeline.training.splits import read_splits
from tfx_pipeline.training.temperature import mean_nll

pytestmark = pytest.mark.integration


class StoppedError(RuntimeError):
    pass


def stop(*_: Any, **__: Any) -> None:
    raise StoppedError


def fn_args(folder: Path, settings: TrainerSettings, **config: Any) -> SimpleNamespace:
    """Returns what TFX hands over, with folders of a new execution."""
    number = len(list(folder.glob("execution_*")))
    execution = folder / f"execution_{number}"
    execution.mkdir()
    return SimpleNamespace(
        custom_config=settings.to_dict() | config,
        train_files=[str(folder / "Split-train" / "*")],
        eval_files=[str(folder / "Split-eval" / "*")],
        base_model=None,
        serving_model_dir=str(execution / "model" / "Format-Serving"),
        model_run_dir=str(execution / "model_run"),
    )


def calibration(model_run_dir: str) -> dict[str, float]:
    text = Path(model_run_dir, "history.json").read_text("utf-8")
    return json.loads(text)["calibration"]


def training_settings(folder: Path, **training: Any) -> TrainerSettings:
    return replace(
        tiny(**({"epochs": 2} | training)), resume_root=str(folder / ".resume")
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run_fn")
    write_split(folder, "train", 24)
    write_split(folder, "eval", 6)
    return folder


@pytest.fixture(scope="module")
def trained(data: Path) -> SimpleNamespace:
    """A training whose first run is killed while it exports."""
    settings = training_settings(data, precision="mixed_float16", class_weights="audit")
    args = {"audit_class_pixels": [9000, 1000]}
    export, trainer.export_model = trainer.export_model, stop
    first = fn_args(data, settings, **args)
    with pytest.raises(StoppedError):
        trainer.run_fn(first)
    assert list((data / ".resume").rglob("backup.npz"))
    trainer.export_model = export
    second = fn_args(data, settings, **args)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.Model, "fit", stop)
        trainer.run_fn(second)
    second.killed_run_dir = first.model_run_dir
    return second


def test_a_training_killed_in_its_export_only_exports_and_forgets_its_backup(
    data: Path, trained: SimpleNamespace
) -> None:
    assert list((data / ".resume").iterdir()) == []
    history = json.loads(Path(trained.model_run_dir, "history.json").read_text())
    assert len(history["epochs"]) == 2
    assert history["resumed_at"] == [[3, 0]]


def test_the_served_model_says_what_the_keras_model_does(
    trained: SimpleNamespace,
) -> None:
    serving = Path(trained.serving_model_dir)
    answers = unpack_keras_answers(
        (serving / "assets.extra" / "keras_answers.npz").read_bytes()
    )

    served = SessionModel(serving)(
        "serving_default", image_bytes=[answer.image_bytes for answer in answers]
    )

    assert len(answers) == 5
    sizes = list(zip(served["height"], served["width"], strict=True))
    # The third is turned by its EXIF orientation.
    assert sizes == [(240, 320), (97, 301), (200, 320), (150, 150), (64, 48)]
    for got, answer in zip(served["mask_png_bytes"], answers, strict=True):
        expected = decode_mask(answer.mask_png_bytes)
        np.testing.assert_array_equal(decode_mask(got), expected)
    taxonomy = json.loads((serving / "assets" / "taxonomy.json").read_text("utf-8"))
    assert [entry["name"] for entry in taxonomy["classes"]] == ["background", "square"]
    prepare = json.loads((serving / "assets" / "prepare.json").read_text("utf-8"))
    assert (prepare["height_px"], prepare["width_px"]) == (32, 32)


def test_the_keras_model_lies_beside_it_in_32_bit_and_the_process_is_as_before(
    trained: SimpleNamespace,
) -> None:
    path = Path(trained.serving_model_dir).parent / "Format-Keras" / "model.keras"

    model = keras.saving.load_model(path)

    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"
    pixels = np.zeros((1, 32, 32, 3), np.uint8)
    dense = SessionModel(Path(trained.serving_model_dir))("dense", image=pixels)
    logits = model.predict(pixels.astype(np.float32), verbose=0)
    np.testing.assert_array_equal(dense["mask"], logits.argmax(-1))


def test_both_models_hold_the_temperature_that_history_tells(
    data: Path, trained: SimpleNamespace
) -> None:
    serving = Path(trained.serving_model_dir)
    told = calibration(trained.model_run_dir)
    splits = read_splits(trained.train_files, trained.eval_files, tiny())
    images, mask_ids = splits.samples(6)

    model = keras.saving.load_model(serving.parent / "Format-Keras" / "model.keras")

    logits = model.predict(images.astype(np.float32), verbose=0)
    nll = mean_nll(logits.reshape(-1, 2), mask_ids.reshape(-1), 1.0)
    assert nll == pytest.approx(told["nll_after"], abs=1e-5)
    assert abs(told["temperature"] - 1) > 0.01
    assert told["nll_before"] > told["nll_after"]
    assert told["pixels"] == 6 * 32 * 32
    pngs = [tf.io.encode_png(image).numpy() for image in images]
    served = SessionModel(serving)("probabilities", image_bytes=pngs)
    np.testing.assert_allclose(
        served["probabilities"], tf.nn.softmax(logits).numpy(), atol=1e-5
    )


def test_a_training_that_went_on_has_the_temperature_of_the_one_that_was_killed(
    trained: SimpleNamespace,
) -> None:
    assert calibration(trained.model_run_dir) == pytest.approx(
        calibration(trained.killed_run_dir), rel=1e-5
    )


def test_curves_and_samples_are_logged(trained: SimpleNamespace) -> None:
    folder = Path(trained.model_run_dir)
    found: dict[str, dict[str, list[int]]] = {"train": {}, "eval": {}}
    for split, tags in found.items():
        (file,) = (folder / split).glob("events*")
        for event in tf.compat.v1.train.summary_iterator(str(file)):
            for value in event.summary.value:
                tags.setdefault(value.tag, []).append(event.step)

    curves = {name: [1, 2] for name in ("loss", "miou", "foreground_miou")}
    assert found["train"] == curves | {"learning_rate": [1, 2], "seconds": [1, 2]}
    samples = {name: found["eval"].pop(f"samples/{name}") for name in ("last", "best")}
    assert found["eval"] == curves
    history = json.loads((folder / "history.json").read_text())
    assert samples == {"last": [2], "best": [history["best_epoch"]]}
    picture = tf.io.decode_png((folder / "samples_best.png").read_bytes())
    assert picture.shape == (4 * 32 + 3 * 4, 3 * 32 + 2 * 4, 3)


def test_a_base_model_is_where_the_next_training_starts_and_may_stay_as_trained(
    data: Path, trained: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "export_model", lambda *_, **__: None)
    settings = training_settings(
        data, epochs=1, learning_rate=1e-9, warmup_share=0.0, calibrate=False
    )
    args = fn_args(data, settings)
    args.base_model = trained.serving_model_dir

    trainer.run_fn(args)

    started, ended = (
        keras.saving.load_model(Path(uri).parent / "Format-Keras" / "model.keras")
        for uri in (trained.serving_model_dir, args.serving_model_dir)
    )
    for one, other in zip(
        started.trainable_variables, ended.trainable_variables, strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-6)
    history = json.loads(Path(args.model_run_dir, "history.json").read_text())
    assert "calibration" not in history


def test_a_loss_that_is_no_number_stops_the_training(data: Path) -> None:
    settings = training_settings(data, learning_rate=1e30, clip_norm=0.0)

    with pytest.raises(
        ValueError, match=r"must stay a number, got nan after \d+ steps"
    ):
        trainer.run_fn(fn_args(data, settings))

    assert list((data / ".resume").rglob("backup.npz")) == []


@pytest.mark.parametrize("config", [{}, {"audit_class_pixels": [1, 2, 3]}], ids=str)
def test_class_weights_need_the_audits_counts(
    data: Path, config: dict[str, Any]
) -> None:
    settings = training_settings(data, class_weights="audit")
    sentence = "needs the train split's pixels of the classes background, square, got"

    with pytest.raises(ValueError, match=sentence):
        trainer.run_fn(fn_args(data, settings, **config))
