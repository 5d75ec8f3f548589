"""Both networks that the pipeline trains, exported, served, and asked by a stub."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import grpc
import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from serving.keras_answers import answer_photo
from serving.signatures import ServedModel
from tests.serving.drawn_model import TAXONOMY
from tests.serving.exported import decode_mask, export_drawn_model
from tests.serving.server.running import running_server
from tests.tfds_builders import drawn_photos as drawn
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.data.prepare import prepare_photo
from tfx_pipeline.modeling.registry import build_model

pytestmark = pytest.mark.integration

NETWORKS = ("unet", "deeplab_v3_plus")
SIZE_PX = 64
PHOTOS = [
    drawn.encode(drawn.picture(90, 120), "JPEG"),
    drawn.encode(drawn.picture(64, 48), "PNG"),
]
PREPARE = partial(
    prepare_photo, config=PrepareConfig(height_px=SIZE_PX, width_px=SIZE_PX)
)
MOST_DIFFERENT = 0.01  # of the pixels: ties, where two kernels round differently


def build(name: str) -> keras.Model:
    keras.utils.set_random_seed(7)
    model = build_model(
        ModelConfig(name=name),
        num_classes=len(TAXONOMY["classes"]),
        height_px=SIZE_PX,
        width_px=SIZE_PX,
    )
    # Drawn weights prefer one class everywhere: level the classes on a photo.
    image, _, _ = PREPARE(tf.constant(PHOTOS[0]))
    logits = model(tf.cast(image, tf.float32)[tf.newaxis], training=False)
    (bias,) = (
        weight
        for weight in model.trainable_weights[-2:]
        if tuple(weight.shape) == (len(TAXONOMY["classes"]),)
    )
    bias.assign(bias - tf.reduce_mean(logits, axis=(0, 1, 2)))
    return model


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list]]:
    """A configuration of both exported models, and their Keras models' own masks."""
    folder = tmp_path_factory.mktemp("networks")
    masks, entries = {}, []
    for name in NETWORKS:
        model = build(name)
        export_drawn_model(folder / name / "1", model=model, prepare=PREPARE)
        served = ServedModel(
            model=model,
            prepare=PREPARE,
            num_classes=len(TAXONOMY["classes"]),
            background_id=TAXONOMY["background_id"],
        )
        masks[name] = [
            decode_mask(answer_photo(served, photo).mask_png_bytes) for photo in PHOTOS
        ]
        entries.append(
            f'config {{ name: "{name}" base_path: "{folder / name}"'
            ' model_platform: "tensorflow" }'
        )
    config = folder / "models.config"
    config.write_text(f"model_config_list {{ {' '.join(entries)} }}")
    return config, masks


def test_the_server_answers_as_the_keras_models_did(
    networks: tuple[Path, dict[str, list]], tmp_path: Path
) -> None:
    config, masks = networks
    flag = f"--model_config_file={config}"
    with running_server(flag, folder=tmp_path) as server:
        server.wait_until_open()
        with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
            for name in NETWORKS:
                request = predict_pb2.PredictRequest()
                request.model_spec.name = name
                request.inputs["image_bytes"].CopyFrom(tf.make_tensor_proto(PHOTOS))
                response = stub.Predict(request, timeout=120)
                pngs = response.outputs["mask_png_bytes"].string_val
                for png, expected in zip(pngs, masks[name], strict=True):
                    served = decode_mask(png)
                    assert served.shape == expected.shape
                    assert (served != expected).mean() <= MOST_DIFFERENT
                    assert len(np.unique(expected)) > 1  # else anything would agree
        assert server.stop() == 0
