from __future__ import annotations

import numpy as np
import pytest

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.condition_features import (
    AddConditionFeatures,
    WantedConditions,
)
from components.segmentation_metrics.photo_conditions import ConditionBounds
from tests.components.dataset_auditor.drawn_records import encode
from tests.components.segmentation_metrics.drawn_extracts import batch_of, serialize

CLASSES = ClassNames(names=("road", "car"), background_id=0)
GREYS = (20, 120, 240)
CAR_COLUMNS = (0, 1, 8)  # of ten


def record(index: int, **changes: bytes | int) -> bytes:
    mask = np.zeros((10, 10), np.uint8)
    mask[:5, : CAR_COLUMNS[index]] = 1
    features: dict[str, bytes | int] = {
        "image": encode(np.full((10, 10, 3), GREYS[index], np.uint8)),
        "mask__car": encode(mask),
        "example_id": f"photo {index}".encode(),
        "orientation": 6,
        "brightness": b"its own",
    }
    return serialize(**features | changes)


def add(*names, records=None, **options):
    wanted = WantedConditions(names=names, task="car", classes=CLASSES, **options)
    extracts = batch_of(records or [record(index) for index in range(3)], labels="kept")
    (answer,) = AddConditionFeatures(wanted).process(extracts)
    assert "blur" not in extracts["features"]  # Beam forbids to change an element
    assert answer["labels"] == "kept" and len(answer["input"]) == 3
    return answer["features"]


def test_every_record_of_a_batch_gets_its_words():
    features = add("brightness", "blur", "object_size")
    assert features["brightness"].tolist() == [b"dark", b"normal", b"bright"]
    assert features["blur"].tolist() == [b"blurred"] * 3
    assert features["object_size"].tolist() == [b"none", b"medium", b"large"]


def test_only_what_is_asked_for_is_added_and_decoded():
    records = [record(index, image=b"no picture") for index in range(3)]
    features = add("object_size", records=records)
    assert "blur" not in features
    assert features["brightness"][0] == b"its own"
    records = [record(index, mask__car=b"no mask") for index in range(3)]
    assert add("blur", records=records)["blur"].tolist() == [b"blurred"] * 3


def test_bounds_can_be_moved():
    bounds = ConditionBounds(medium_from=0.5, large_from=0.9)
    features = add("object_size", bounds=bounds)
    assert features["object_size"].tolist() == [b"none", b"small", b"small"]


@pytest.mark.parametrize(
    ("changes", "name", "message"),
    [
        (
            {"image": b"no picture"},
            "blur",
            "the photo of 'photo 1' cannot be read: 10 bytes that are no image; audit"
            " the data",
        ),
        (
            {"mask__car": b"no mask"},
            "object_size",
            "the true mask of 'photo 1' must be a PNG, got 7 bytes that start with"
            " b'no mask'; write it with an 8-bit grey PNG encoder",
        ),
    ],
    ids=["photo", "mask"],
)
def test_a_picture_that_cannot_be_read_is_named(changes, name, message):
    records = [record(0), record(1, **changes), record(2)]
    with pytest.raises(ValueError) as error:
        add(name, records=records)
    assert str(error.value) == message


def test_a_missing_mask_and_an_unknown_condition_are_refused():
    with pytest.raises(ValueError, match="'photo 0' has no 'mask/car', there are"):
        add("object_size", records=[serialize(example_id=b"photo 0")] * 3)
    with pytest.raises(
        ValueError, match="must be one of brightness, blur, object_size, got 'rain'"
    ):
        add("rain")
