"""A `run_fn` that trains nothing: a class per pixel by its colour, by drawn weights."""

from __future__ import annotations

from functools import partial

import keras
import numpy as np
import tensorflow as tf
from tfx.components.trainer.fn_args_utils import FnArgs

from serving.export import export_model
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.data.prepare import prepare_photo
from tfx_pipeline.training.drawn_photos import draw_photos


def run_fn(fn_args: FnArgs) -> None:
    """Exports the model; every class is somewhere in the most photos."""
    settings = TrainerSettings.from_dict(fn_args.custom_config)
    config = settings.prepare
    classes = len(settings.taxonomy["classes"])
    image = keras.Input((config.height_px, config.width_px, 3))
    head = keras.layers.Conv2D(classes, 1)
    model = keras.Model(image, head(image))
    kernel = np.random.default_rng(3).normal(size=(1, 1, 3, classes))
    head.set_weights([kernel, -kernel.sum(axis=(0, 1, 2)) * 120])
    export_model(
        model,
        directory=fn_args.serving_model_dir,
        prepare=partial(prepare_photo, config=config),
        taxonomy=settings.taxonomy,
        prepare_config=config.to_dict(),
        photos=draw_photos(),
    )
    tf.io.gfile.makedirs(fn_args.model_run_dir)
