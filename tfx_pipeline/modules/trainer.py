"""`run_fn` of the Trainer node: prepared pictures in, the best model out."""

from __future__ import annotations

import posixpath
from functools import partial

import keras
import tensorflow as tf
from tfx.components.trainer.fn_args_utils import FnArgs

from serving.export import export_model
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.data.prepare import prepare_photo
from tfx_pipeline.training.backup import Backup, backup_folder
from tfx_pipeline.training.calibrate import calibrate
from tfx_pipeline.training.devices import choose_strategy
from tfx_pipeline.training.drawn_photos import draw_photos
from tfx_pipeline.training.learner import build_network, compile_learner
from tfx_pipeline.training.numerics import numerics
from tfx_pipeline.training.splits import read_splits
from tfx_pipeline.training.starting_weights import (
    KERAS_MODEL,
    load_starting_weights,
    starting_weights,
)
from tfx_pipeline.training.train import train

# What the node adds to the settings from its input `audit`.
CLASS_PIXELS = "audit_class_pixels"


def run_fn(fn_args: FnArgs) -> None:
    """Trains as `fn_args.custom_config` says and exports the best epoch's model.

    Args:
        fn_args: TFX's; `custom_config` is `TrainerSettings.to_dict()` and, where the
            node has an audit, `audit_class_pixels`, the train split's pixels by class.
    """
    plain = dict(fn_args.custom_config)
    class_pixels = plain.pop(CLASS_PIXELS, None)
    settings = TrainerSettings.from_dict(plain)
    splits = read_splits(fn_args.train_files, fn_args.eval_files, settings)
    start = starting_weights(fn_args.base_model, settings.training.initial_weights)
    with numerics(settings.training):
        strategy = choose_strategy(settings.training)
        backup = _backup(fn_args, settings)
        with strategy.scope():
            network = build_network(settings)
            if start:
                load_starting_weights(network, start)
            learner = compile_learner(
                network,
                settings,
                total_steps=splits.total_steps,
                class_pixels=class_pixels,
            )
        weights = train(
            learner, splits, backup=backup, log_folder=fn_args.model_run_dir
        )
    # Anew, outside of strategy and mixed precision: any server can compute in 32 bit.
    model = build_network(settings)
    model.set_weights(weights)
    if settings.training.calibrate:
        calibrate(model, splits, fn_args.model_run_dir)
    _save(model, settings, fn_args.serving_model_dir)
    backup.remove()


def _backup(fn_args: FnArgs, settings: TrainerSettings) -> Backup:
    if not settings.resume_root:
        return Backup(folder="")
    folder = backup_folder(
        settings.resume_root,
        fn_args.custom_config,
        fn_args.train_files,
        fn_args.base_model,
    )
    return Backup(folder=folder)


def _save(model: keras.Model, settings: TrainerSettings, serving_folder: str) -> None:
    model_folder = posixpath.dirname(serving_folder.rstrip("/"))
    keras_file = posixpath.join(model_folder, KERAS_MODEL)
    tf.io.gfile.makedirs(posixpath.dirname(keras_file))
    model.save(keras_file)
    export_model(
        model,
        directory=serving_folder,
        prepare=partial(prepare_photo, config=settings.prepare),
        taxonomy=settings.taxonomy,
        prepare_config=settings.prepare.to_dict(),
        photos=draw_photos(),
    )
