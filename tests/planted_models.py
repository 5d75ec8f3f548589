"""`run_fn`s that train nothing: each exports a model whose answers are known."""

from __future__ import annotations

from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tfx.components.trainer.fn_args_utils import FnArgs

from serving.export import export_model
from tests.drawn_scratches import BODY, DARK, LIGHT, SCRATCH, SIZE_PX
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.data.prepare import prepare_photo
from tfx_pipeline.data.training_input import eval_dataset
from tfx_pipeline.training.drawn_photos import draw_photos

BETWEEN = (DARK + LIGHT) / 2
NUM_CLASSES = 3


def all_background(fn_args: FnArgs) -> None:
    _export(fn_args, _fixed(np.zeros((SIZE_PX, SIZE_PX), np.uint8)))


def constant(fn_args: FnArgs) -> None:
    _export(fn_args, _fixed(np.full((SIZE_PX, SIZE_PX), BODY, np.uint8)))


def mean_mask(fn_args: FnArgs) -> None:
    """Says for each pixel what it was most often in training: a body in the middle."""
    config = TrainerSettings.from_dict(fn_args.custom_config).prepare
    files = [
        path for pattern in fn_args.train_files for path in tf.io.gfile.glob(pattern)
    ]
    counts = np.zeros((SIZE_PX, SIZE_PX, NUM_CLASSES))
    for _, mask_ids in eval_dataset(files, config, batch_size=1):
        counts += np.eye(NUM_CLASSES)[mask_ids[0].numpy()]
    _export(fn_args, _fixed(counts.argmax(axis=-1).astype(np.uint8)))


def finds_light_bodies(fn_args: FnArgs) -> None:
    """Misses the dark bodies, that is half of them; finds every scratch."""
    _export(fn_args, _by_colour(body_above=BETWEEN, scratch_above=DARK - 30))


def finds_light_scratches(fn_args: FnArgs) -> None:
    """Finds every body; misses the dark scratches, a third of them."""
    _export(fn_args, _by_colour(body_above=DARK - 30, scratch_above=BETWEEN))


def _by_colour(*, body_above: float, scratch_above: float) -> keras.Model:
    """Red above a bound is a body, blue above another one a scratch."""
    image = keras.Input((SIZE_PX, SIZE_PX, 3))
    head = keras.layers.Conv2D(NUM_CLASSES, 1)
    model = keras.Model(image, head(image))
    kernel = np.zeros((1, 1, 3, NUM_CLASSES), np.float32)
    kernel[0, 0, 0, BODY] = kernel[0, 0, 2, SCRATCH] = 1.0
    head.set_weights([kernel, np.array([0.0, -body_above, -scratch_above])])
    return model


def _fixed(mask_ids: np.ndarray) -> keras.Model:
    """Gives the same mask whatever the photo shows."""
    image = keras.Input((SIZE_PX, SIZE_PX, 3))
    nothing = keras.layers.Conv2D(NUM_CLASSES, 1, kernel_initializer="zeros")(image)
    logits = _AddLogits(mask_ids.tolist())(nothing)
    return keras.Model(image, logits)


@keras.saving.register_keras_serializable("carseg_tests")
class _AddLogits(keras.layers.Layer):
    def __init__(self, mask_ids: list[list[int]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.logits = np.eye(NUM_CLASSES, dtype=np.float32)[np.array(mask_ids)]

    def call(self, inputs: Any) -> Any:
        return inputs + 10 * self.logits[None]


def _export(fn_args: FnArgs, model: keras.Model) -> None:
    settings = TrainerSettings.from_dict(fn_args.custom_config)
    export_model(
        model,
        directory=fn_args.serving_model_dir,
        prepare=partial(prepare_photo, config=settings.prepare),
        taxonomy=settings.taxonomy,
        prepare_config=settings.prepare.to_dict(),
        photos=draw_photos(),
    )
    tf.io.gfile.makedirs(fn_args.model_run_dir)
