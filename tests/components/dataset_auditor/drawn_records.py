"""Draws pictures and writes them as tf.Examples and TFRecords, without TensorFlow."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from apache_beam.io.tfrecordio import _TFRecordUtil
from PIL import Image

TAXONOMY = {
    "dataset": "drawn",
    "task": "car",
    "background_id": 0,
    "void_id": 255,
    "classes": [
        {"id": 0, "name": "background", "rgb": [0, 0, 0]},
        {"id": 1, "name": "car", "rgb": [0, 0, 142]},
        {"id": 2, "name": "범퍼 <front>", "rgb": [220, 20, 60]},
    ],
}


def draw_photo(seed: int, width: int = 96, height: int = 64) -> Image.Image:
    """A smooth random landscape: unlike any other seed's, with a natural spectrum."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3))
    for cells in (2, 4, 8, 16):
        coarse = rng.normal(0, 160 / cells, (cells, cells, 3))
        layer = Image.merge(
            "RGB",
            [
                Image.fromarray(
                    np.clip(coarse[:, :, c] + 128, 0, 255).astype(np.uint8)
                ).resize((width, height), Image.Resampling.BICUBIC)
                for c in range(3)
            ],
        )
        picture += np.asarray(layer, float) - 128
    return Image.fromarray(np.clip(picture + 128, 0, 255).astype(np.uint8))


def draw_mask(width: int = 96, height: int = 64) -> np.ndarray:
    """A car of 32x16 px with a bumper of 8x8 px on background."""
    mask = np.zeros((height, width), np.uint8)
    mask[20:36, 30:62] = 1
    mask[24:32, 62:70] = 2
    return mask


def encode(picture: Image.Image | np.ndarray, kind: str = "PNG", **options) -> bytes:
    """Compressed bytes of a picture."""
    stream = io.BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(stream, kind, **options)
    return stream.getvalue()


def make_record(name: str, seed: int = 0, **changes) -> bytes:
    """A flawless record; a change of None leaves the feature out."""
    photo = changes.pop("photo", None) or draw_photo(seed)
    features = {
        "image": encode(photo),
        "orientation": 1,
        "mask/car": encode(draw_mask(photo.width, photo.height)),
        "height": photo.height,
        "width": photo.width,
        "example_id": name,
        "group_id": f"group of {name}",
        "view": "front",
        "domain": "synthetic",
        "source": "drawn",
        "instances": "[]",
    }
    features.update({key.replace("mask_", "mask/"): v for key, v in changes.items()})
    return encode_example({k: v for k, v in features.items() if v is not None})


def encode_example(features: Mapping[str, bytes | str | int]) -> bytes:
    """The wire format of tf.Example."""
    entries = b""
    for name, value in features.items():
        if isinstance(value, int):
            feature = _message(3, _message(1, _varint(value)))
        else:
            data = value.encode() if isinstance(value, str) else value
            feature = _message(1, _message(1, data))
        entry = _message(1, name.encode()) + _message(2, feature)
        entries += _message(1, entry)
    return _message(1, entries)


def write_records(path: Path, records: Sequence[bytes]) -> str:
    """Writes a TFRecord file, gzipped where its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wb") as stream:
        for record in records:
            _TFRecordUtil.write_record(stream, record)
    return str(path)


def instances(*class_ids: int) -> str:
    """Instances JSON of task car."""
    return json.dumps([{"task": "car", "class_id": key} for key in class_ids])


def _message(number: int, payload: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
