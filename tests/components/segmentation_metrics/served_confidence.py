"""What a real served model answers as a photo's confidence."""

import cv2
import numpy as np


def answers():
    """Yields mask ids, confidence picture and the answered confidence of photos."""
    import tensorflow as tf

    from serving.signatures import ServedModel
    from tests.serving.drawn_model import (
        HEIGHT_PX,
        WIDTH_PX,
        build_colour_model,
        prepare,
    )

    served = ServedModel(
        model=build_colour_model(), prepare=prepare, num_classes=3, background_id=0
    )
    photo = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    dark = _png(photo)
    photo[8:30, 10:40] = (200, 60, 0)  # blue, green, red
    photo[20:44, 30:60] = (0, 10, 140)
    photos = [dark, _png(photo)]
    replies = served.serving_default(tf.constant(photos))["confidence"].numpy()
    pictures = served.examples(tf.constant([_record(tf, png) for png in photos]))
    for index, reply in enumerate(replies):
        mask_ids, confidence = (
            tf.io.decode_png(pictures[key][index]).numpy()[..., 0]
            for key in ("mask_png_bytes", "confidence_png_bytes")
        )
        yield mask_ids, confidence, float(reply)


def _png(photo):
    return cv2.imencode(".png", photo)[1].tobytes()


def _record(tf, png):
    features = {
        "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[png])),
        "orientation": tf.train.Feature(int64_list=tf.train.Int64List(value=[1])),
    }
    example = tf.train.Example(features=tf.train.Features(feature=features))
    return example.SerializeToString()
