"""The checks against a client whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from components.serving_validator.call_error import CallError
from components.serving_validator.checks import (
    NO_PHOTO,
    check_bad_photo,
    check_batch,
    check_bound,
    check_masks,
    check_signatures,
    measure_latency,
)
from components.serving_validator.keras_answers import KerasAnswer
from components.serving_validator.mask_difference import compare_masks


def png(mask: np.ndarray, level: int = 3) -> bytes:
    options = [cv2.IMWRITE_PNG_COMPRESSION, level]
    return cv2.imencode(".png", mask, options)[1].tobytes()


MASK = (np.arange(600).reshape(20, 30) % 3).astype(np.uint8)
OTHER = np.where(MASK == 2, 0, MASK).astype(np.uint8)
OTHER_PIXELS = int((MASK == 2).sum())
ANSWERS = [
    KerasAnswer(name="image_0", image_bytes=b"first", mask_png_bytes=png(MASK)),
    KerasAnswer(name="image_1", image_bytes=b"second", mask_png_bytes=png(OTHER)),
]


@dataclass
class KnownAnswers:
    """Gives the masks that it holds; a photo without one is no picture."""

    known: dict[bytes, bytes]
    protocol: str = "REST"
    bad_photo_code: str = "400"
    code: str = "400"
    forgets: bool = False  # after a file that is no picture
    asked: list[int] = field(default_factory=list)

    def masks(self, photos: Sequence[bytes]) -> list[bytes]:
        self.asked.append(len(photos))
        if any(photo not in self.known for photo in photos):
            if self.forgets:
                self.known = {}
            raise CallError(self.code, "Unknown image file format")
        return [self.known[photo] for photo in photos]


def right() -> KnownAnswers:
    return KnownAnswers({item.image_bytes: item.mask_png_bytes for item in ANSWERS})


def test_differing_pixels_are_counted_and_bytes_are_told_apart() -> None:
    packed = compare_masks(png(MASK, 1), png(MASK, 9))
    assert (packed.pixels, packed.differing, packed.has_same_bytes) == (600, 0, False)
    assert compare_masks(png(MASK), png(MASK)).has_same_bytes
    assert compare_masks(png(MASK), png(OTHER)).differing == OTHER_PIXELS == 200
    with pytest.raises(ValueError, match="photo's size, 20 x 30, got 19 x 30"):
        compare_masks(png(MASK), png(MASK[1:]))


def test_right_masks_pass() -> None:
    check, masks = check_masks(right(), ANSWERS, 0.0)
    assert check.passed and check.sentence == (
        "REST: 2 masks are the Keras model's, byte for byte"
    )
    assert masks[1] == {
        "protocol": "REST",
        "photo": "image_1",
        "pixels": 600,
        "differing": 0,
        "has_same_bytes": True,
    }


def test_the_same_pixels_in_other_bytes_pass_and_are_told_apart() -> None:
    client = right()
    client.known[b"second"] = png(OTHER, 9)
    check, masks = check_masks(client, ANSWERS, 0.0)
    assert check.passed and check.sentence == (
        "REST: 2 masks are the Keras model's, pixel for pixel (1 of them byte for byte;"
        " the other PNGs pack the same pixels in other bytes)"
    )
    assert [mask["has_same_bytes"] for mask in masks] == [True, False]


def test_one_differing_pixel_is_refused() -> None:
    client, mask = right(), MASK.copy()
    mask[3, 4] += 1
    client.known[b"first"] = png(mask)
    check, _ = check_masks(client, ANSWERS, 0.0)
    assert not check.passed
    assert "image_0 differs in 1 of 600 pixels" in check.sentence


def test_a_wrong_mask_is_named_with_its_pixels() -> None:
    client = right()
    client.known[b"second"] = png(MASK)
    check, masks = check_masks(client, ANSWERS, 0.0)
    assert not check.passed and check.sentence == (
        "REST: masks must be those that the Keras model gave at export, image_1 differs"
        " in 200 of 600 pixels; export the model again"
    )
    assert [mask["differing"] for mask in masks] == [0, 200]


def test_a_share_of_pixels_can_be_allowed() -> None:
    client, mask = right(), MASK.copy()
    mask[3, 4:7] += 1
    client.known[b"first"] = png(mask)
    assert not check_masks(client, ANSWERS, 0.0049)[0].passed
    check, _ = check_masks(client, ANSWERS, 0.005)
    assert check.passed and check.sentence.endswith(
        "differ from the Keras model's in at most 0.5000% of a photo's pixels, allowed"
        " are 0.5000%"
    )


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"no png", "image_0: the served mask must be a PNG, got 6 bytes"),
        (png(np.dstack([MASK] * 3)), "image_0: the served mask must be an 8-bit PNG"),
        (None, "image_0: 400: Unknown image file format"),
    ],
)
def test_what_is_no_mask_is_a_finding(answer: bytes | None, sentence: str) -> None:
    client = right()
    if answer is None:
        del client.known[b"first"]
    else:
        client.known[b"first"] = answer
    check, masks = check_masks(client, ANSWERS, 1.0)
    assert not check.passed and sentence in check.sentence
    assert "error" in masks[0]


def test_a_batch_gets_its_masks_in_its_order() -> None:
    client = right()
    check = check_batch(client, ANSWERS, 0.0)
    assert check.passed and client.asked == [3]

    class Mixed(KnownAnswers):
        def masks(self, photos: Sequence[bytes]) -> list[bytes]:
            return super().masks(photos)[::-1]

    check = check_batch(Mixed(client.known), ANSWERS, 0.0)
    assert not check.passed and check.sentence == (
        "REST: 3 photos in one request must get their own masks, image_0 differs in 200"
        " of 600 pixels; image_1 differs in 200 of 600 pixels"
    )

    class Short(KnownAnswers):
        def masks(self, photos: Sequence[bytes]) -> list[bytes]:
            return super().masks(photos)[:-1]

    check = check_batch(Short(client.known), ANSWERS, 0.0)
    assert not check.passed and check.sentence.endswith("2 masks came back")


def test_a_file_that_is_no_picture_must_give_the_right_error() -> None:
    check = check_bad_photo(right(), ANSWERS[0])
    assert check.passed and check.sentence == (
        "REST: a file that is no picture gets 400; the server goes on"
    )
    wrong = right()
    wrong.code = "500"
    assert check_bad_photo(wrong, ANSWERS[0]).sentence.endswith(
        "gets 500; the server goes on; it must be 400, and the next photo answered"
    )
    tolerant = right()
    tolerant.known[NO_PHOTO] = png(MASK)
    check = check_bad_photo(tolerant, ANSWERS[0])
    assert not check.passed and "gets a mask;" in check.sentence
    broken = right()
    broken.forgets = True
    check = check_bad_photo(broken, ANSWERS[0])
    assert not check.passed and "the next photo got 400: Unknown" in check.sentence


def test_latency_is_taken_of_one_photo_after_the_other() -> None:
    client = right()
    times_ms = measure_latency(client, ANSWERS, 5)
    assert len(times_ms) == 5 and min(times_ms) > 0
    assert client.asked == [1] * 5


def test_bounds_are_judged_only_where_they_are() -> None:
    assert check_bound("max_p95_ms", 12.0, None, "latency") == []
    (check,) = check_bound("max_p95_ms", 12.04, 12.0, "95th percentile, ms,")
    assert not check.passed and check.sentence == (
        "95th percentile, ms, is 12.0, allowed is 12 (serve.max_p95_ms)"
    )
    assert check_bound("max_p95_ms", 12.0, 12.0, "")[0].passed


def test_signatures_must_be_served_as_they_are_stated() -> None:
    stated = {"a": {"inputs": {"x": ["DT_STRING", "-1"]}, "outputs": {}}}
    assert check_signatures("gRPC", stated, stated).passed
    served = {"a": {"inputs": {"x": ["DT_STRING"]}, "outputs": {}}, "b": {}}
    check = check_signatures("gRPC", stated, served)
    assert not check.passed and check.sentence.endswith("otherwise is a, b")
