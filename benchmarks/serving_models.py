"""The models and photos that the servers are measured with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

UNET, DRAWN, TRIVIAL = "demo's U-Net", "2 ms model", "trivial model"
ALL = UNET, DRAWN, TRIVIAL
SIDE_PX = 256
SMALL_PHOTO = (40, 56)
PHOTO_SIZES_PX = {UNET: (360, 640), DRAWN: SMALL_PHOTO, TRIVIAL: SMALL_PHOTO}


def draw_photo(height_px: int, width_px: int) -> bytes:
    """Returns a JPEG that compresses like a photo: smooth shapes, a little noise."""
    rng = np.random.default_rng(height_px)
    small = rng.integers(0, 256, (height_px // 16 + 1, width_px // 16 + 1, 3), np.uint8)
    photo = Image.fromarray(small).resize((width_px, height_px))
    stream = io.BytesIO()
    photo.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def export_unet(folder: Path) -> None:
    """Exports the demo's network, untrained."""
    # Imported here: photos can be drawn without TensorFlow.
    from tests.serving.drawn_model import TAXONOMY
    from tests.serving.exported import export_drawn_model
    from tfx_pipeline.config.model import ModelConfig
    from tfx_pipeline.config.prepare import PrepareConfig
    from tfx_pipeline.data.prepare import prepare_photo
    from tfx_pipeline.modeling.registry import build_model

    network = build_model(
        ModelConfig(name="unet"),
        num_classes=len(TAXONOMY["classes"]),
        height_px=SIDE_PX,
        width_px=SIDE_PX,
    )
    config = PrepareConfig(height_px=SIDE_PX, width_px=SIDE_PX)
    prepare = partial(prepare_photo, config=config)
    export_drawn_model(folder, model=network, prepare=prepare)


def export_trivial(folder: Path) -> None:
    """Exports a model that answers the photo itself: what is left is overhead."""
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="image_bytes")])
    def answer_same(image_bytes: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"mask_png_bytes": tf.identity(image_bytes)}

    tf.saved_model.save(tf.Module(), str(folder), signatures=answer_same)


def export_drawn(folder: Path) -> None:
    """Exports the tests' model that finds colours."""
    from tests.serving.exported import export_drawn_model

    export_drawn_model(folder)


EXPORTS = {UNET: export_unet, DRAWN: export_drawn, TRIVIAL: export_trivial}


def export_models(folder: Path, titles: Sequence[str] = ALL) -> dict[str, Path]:
    """Exports the models with these names; returns their folders."""
    models = {title: folder / str(index) for index, title in enumerate(titles)}
    for title, model in models.items():
        EXPORTS[title](model)
    return models
