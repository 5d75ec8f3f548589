from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from components.evaluation_report.photo_slices import PhotoSlices
from components.segmentation_metrics.class_names import ClassNames
from tests.components.dataset_auditor.drawn_records import (
    TAXONOMY,
    encode,
    make_record,
)

CLASSES = ClassNames.from_taxonomy(TAXONOMY)


def slices_of(record: bytes, *keys) -> tuple[int, ...]:
    return PhotoSlices(keys=keys, task="car", classes=CLASSES).of_record(record)


def test_a_photo_is_in_the_slices_of_its_features() -> None:
    keys = [
        (("view", "rear"),),
        (("view", "front"),),
        (("domain", "synthetic"), ("view", "front")),
        (("domain", "photo"), ("view", "front")),
        (("nothing", ""),),
    ]

    assert slices_of(make_record("car", view="front"), *keys) == (1, 2)


@pytest.mark.parametrize(("grey", "word"), [(20, "dark"), (120, "normal")])
def test_light_is_taken_from_the_photo_and_not_from_a_feature(grey, word) -> None:
    photo = Image.fromarray(np.full((64, 96, 3), grey, np.uint8))
    record = make_record("car", photo=photo, brightness="bright")
    words = ("dark", "normal", "bright")

    found = slices_of(record, *((("brightness", one),) for one in words))

    assert [words[index] for index in found] == [word]


def test_the_size_of_the_object_is_taken_from_the_mask() -> None:
    mask = np.zeros((64, 96), np.uint8)
    mask[:32] = 1
    record = make_record("car", mask_car=encode(mask))

    assert slices_of(
        record, (("object_size", "small"),), (("object_size", "large"),)
    ) == (1,)


def test_where_nothing_is_asked_nothing_is_read() -> None:
    assert slices_of(b"no record") == ()
