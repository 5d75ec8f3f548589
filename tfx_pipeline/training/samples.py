"""Pictures for people: a few of the eval split as photo, truth and prediction."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tfx_pipeline.data.contact_sheet import color_mask
from tfx_pipeline.training.splits import Splits
from tfx_pipeline.training.tensorboard_log import TensorBoardLog
from tfx_pipeline.training.training_state import TrainingState

Pixels = npt.NDArray[np.uint8]

SAMPLES = 4
_GAP_PX, _PAPER = 4, 255


def log_samples(
    state: TrainingState, splits: Splits, log: TensorBoardLog, folder: str
) -> None:
    """Draws what the last and the best epoch see; the model keeps the best weights.

    Args:
        state: A finished training.
        splits: The eval split's first pictures are drawn.
        log: Gets `samples/last` and `samples/best` at their epochs.
        folder: Gets `samples_last.png` and `samples_best.png`.
    """
    images, truth_ids = splits.samples(SAMPLES)
    model, record = state.learner.model, state.record
    assert record.best is not None, "a training has at least one epoch"
    for name, number in (("last", len(record.epochs)), ("best", record.best + 1)):
        if name == "best":
            model.set_weights(state.best_weights)
        sheet = draw_samples(
            images, truth_ids, predict_ids(model, images), splits.settings.taxonomy
        )
        log.add_picture(f"samples/{name}", number, sheet)
        path = posixpath.join(folder, f"samples_{name}.png")
        tf.io.write_file(path, tf.io.encode_png(sheet))


def predict_ids(model: keras.Model, images: Pixels) -> Pixels:
    """Returns the class ids [n, h, w] that a model sees in pictures [n, h, w, 3]."""
    logits = model(images.astype(np.float32), training=False)
    return keras.ops.convert_to_numpy(logits).argmax(axis=-1).astype(np.uint8)


def draw_samples(
    images: Pixels,
    truth_ids: Pixels,
    predicted_ids: Pixels,
    taxonomy: Mapping[str, Any],
) -> Pixels:
    """Returns one picture: a row per sample, photo | truth | prediction.

    Args:
        images: Photos [n, h, w, 3].
        truth_ids: True class ids [n, h, w]; void is drawn in magenta.
        predicted_ids: Predicted class ids [n, h, w].
        taxonomy: JSON form; its colours are used.

    Returns:
        uint8 [n * (h + gap) - gap, 3 * (w + gap) - gap, 3].
    """
    colors = {entry["id"]: entry["rgb"] for entry in taxonomy["classes"]}
    columns = (images, color_mask(truth_ids, colors), color_mask(predicted_ids, colors))
    padding = ((0, 0), (0, _GAP_PX), (0, _GAP_PX), (0, 0))
    framed = [np.pad(cells, padding, constant_values=_PAPER) for cells in columns]
    rows = np.concatenate(framed, axis=2)  # [n, h + gap, 3 * (w + gap), 3]
    sheet = rows.reshape(-1, *rows.shape[2:])
    return sheet[:-_GAP_PX, :-_GAP_PX]
