from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from components.serving_validator.keras_answers import (
    KERAS_ANSWERS_FILE,
    KerasAnswer,
    read_keras_answers,
)


def write(folder: Path, content: bytes) -> Path:
    path = folder / KERAS_ANSWERS_FILE
    path.parent.mkdir()
    path.write_bytes(content)
    return folder


def packed(**arrays: bytes) -> bytes:
    out = io.BytesIO()
    np.savez(out, **{k: np.frombuffer(v, np.uint8) for k, v in arrays.items()})
    return out.getvalue()


def test_answers_are_read_in_their_order(tmp_path: Path) -> None:
    arrays = {f"image_{i}": b"photo %d" % i for i in range(11)}
    arrays |= {f"mask_png_{i}": b"mask %d" % i for i in range(11)}
    answers = read_keras_answers(write(tmp_path, packed(**arrays)))
    assert answers[10] == KerasAnswer(
        name="image_10", image_bytes=b"photo 10", mask_png_bytes=b"mask 10"
    )
    assert [answer.name for answer in answers] == [f"image_{i}" for i in range(11)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "must be as the export wrote it, it cannot be read"),
        (b"PK\x03\x04 half a file", "must be as the export wrote it"),
        (packed(), "must hold a photo at least, it holds none"),
        (packed(image_0=b"photo"), r"cannot be read \(KeyError\('mask_png_0"),
    ],
    ids=["empty", "half", "none", "no mask"],
)
def test_a_file_without_answers_is_refused(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_keras_answers(write(tmp_path, content))


def test_a_package_without_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"keras_answers\.npz is missing; export"):
        read_keras_answers(tmp_path)
