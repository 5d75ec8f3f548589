"""Reads what the Keras model answered at export, the yardstick of every server."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

KERAS_ANSWERS_FILE = "assets.extra/keras_answers.npz"


@dataclass(frozen=True, kw_only=True)
class KerasAnswer:
    """A photo's file and the PNG of class ids that the Keras model gave for it."""

    name: str
    image_bytes: bytes
    mask_png_bytes: bytes


def read_keras_answers(saved_model: Path) -> list[KerasAnswer]:
    """Returns the answers that travel with a SavedModel, in their order.

    Raises:
        ValueError: There are none, or the file cannot be read.
    """
    path = saved_model / KERAS_ANSWERS_FILE
    if not path.is_file():
        raise ValueError(
            f"the package must hold the Keras model's answers, {KERAS_ANSWERS_FILE} is"
            " missing; export the model with photos"
        )
    try:
        with np.load(path, allow_pickle=False) as arrays:
            count = sum(name.startswith("image_") for name in arrays.files)
            answers = [
                KerasAnswer(
                    name=f"image_{index}",
                    image_bytes=arrays[f"image_{index}"].tobytes(),
                    mask_png_bytes=arrays[f"mask_png_{index}"].tobytes(),
                )
                for index in range(count)
            ]
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as err:
        raise ValueError(
            f"{KERAS_ANSWERS_FILE} must be as the export wrote it, it cannot be read"
            f" ({err!r}); export the model again"
        ) from err
    if not answers:
        raise ValueError(
            f"{KERAS_ANSWERS_FILE} must hold a photo at least, it holds none; export"
            " the model with photos"
        )
    return answers
