"""A mask is decoded when it is asked for, and only if it is one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from serving.client import Prediction, ServerError
from tests.serving.client.drawn_requests import encode


def prediction(png: bytes, height: int = 3, width: int = 4) -> Prediction:
    return Prediction(
        mask_png_bytes=png,
        height=height,
        width=width,
        area_fraction=np.array([1], np.float32),
        confidence=0.5,
    )


def test_the_mask_is_decoded_once_and_cannot_be_altered() -> None:
    expected = np.arange(12, dtype=np.uint8).reshape(3, 4)
    answer = prediction(encode(Image.fromarray(expected)))

    np.testing.assert_array_equal(answer.mask_ids, expected)
    assert answer.mask_ids is answer.mask_ids
    with pytest.raises(ValueError, match="read-only"):
        answer.mask_ids[0, 0] = 1


GREY = Image.new("L", (4, 3))
WRONG = {
    "colour": encode(Image.new("RGB", (4, 3))),
    "palette": encode(Image.new("P", (4, 3))),
    "16 bits": encode(Image.new("I;16", (4, 3))),
    "another size": encode(Image.new("L", (3, 4))),
    "jpeg": encode(GREY, "JPEG"),
    "cut off": encode(GREY)[:45],
    "nothing": b"",
}


@pytest.mark.parametrize("png", WRONG.values(), ids=WRONG)
def test_what_is_no_mask_is_a_fault_of_the_server(png: bytes) -> None:
    answer = prediction(png)

    with pytest.raises(
        ServerError, match="8-bit grey PNG of height 3 and width 4"
    ) as caught:
        _ = answer.mask_ids
    assert caught.value.status == "DATA_LOSS"
