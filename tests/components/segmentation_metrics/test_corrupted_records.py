from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest
from PIL import Image

from components.segmentation_metrics import corrupted_records
from components.segmentation_metrics.corrupted_records import AddCorruptedRecords
from components.segmentation_metrics.corruption import (
    Corruption,
)
from components.segmentation_metrics.corruptions import (
    corrupt,
)
from tests.components.dataset_auditor.drawn_records import draw_photo, encode
from tests.components.segmentation_metrics.drawn_extracts import (
    batch_of,
    serialize,
    values_of,
)

WANTED = (Corruption("blur", 3), Corruption("noise", 1))


def upright(stored: np.ndarray, orientation: int) -> np.ndarray:
    """By EXIF's own words: where the stored first row and first column belong."""
    if orientation >= 5:
        stored = stored.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        stored = stored[::-1]
    if orientation in (2, 3, 6, 7):
        stored = stored[:, ::-1]
    return stored


def photo(index: int) -> np.ndarray:
    return np.asarray(draw_photo(index, 30 + index, 20))


def record(index: int, orientation: int = 1, **more: bytes) -> bytes:
    return serialize(
        image=encode(photo(index)),
        orientation=orientation,
        mask__car=f"mask {index}".encode(),
        view=(b"front", b"rear")[index % 2],
        example_id=f"photo {index}".encode(),
        **more,
    )


def copies_of(records, batch_size=2, wanted=WANTED, **more):
    step = AddCorruptedRecords(wanted, batch_size)
    extracts = batch_of(records, **more)
    first, *copies = step.process(extracts)
    assert first == extracts
    return copies


def seed_of(example_id: bytes) -> int:
    return int.from_bytes(hashlib.sha256(example_id).digest()[:8], "big")


def test_every_photo_has_one_copy_of_each_kind_in_small_batches():
    copies = copies_of([record(index) for index in range(5)])
    listed = [
        (values["corruption"], values["example_id"])
        for batch in copies
        for values in map(values_of, batch["input"])
    ]
    assert [len(batch["input"]) for batch in copies] == [2, 2, 2, 2, 1, 1]
    assert sorted(listed) == [
        (label, f"photo {index}".encode())
        for label in (b"blur 3", b"noise 1")
        for index in range(5)
    ]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_copy_is_the_upright_photo_spoiled_with_a_seed_of_its_id(orientation):
    for batch, corruption in zip(
        copies_of([record(3, orientation)]), WANTED, strict=True
    ):
        values = values_of(batch["input"][0])
        found = np.asarray(Image.open(io.BytesIO(values["image"])))
        expected = corrupt(
            np.ascontiguousarray(upright(photo(3), orientation)),
            corruption.kind,
            corruption.strength,
            seed_of(b"photo 3"),
        )
        np.testing.assert_array_equal(found, expected)
        assert values["orientation"] == 1
        assert values["mask/car"] == b"mask 3"


def test_features_by_which_tfma_slices_are_those_of_the_photo():
    records = [record(index) for index in range(3)]
    labels = np.array([b"a", b"b", b"c"], object)
    first, second, third, fourth = copies_of(records, labels=labels)
    assert np.ravel(first["features"]["view"]).tolist() == [b"front", b"rear"]
    assert first["features"]["corruption"].tolist() == [b"blur 3"] * 2
    assert second["features"]["corruption"].tolist() == [b"noise 1"] * 2
    assert np.ravel(first["labels"]).tolist() == [b"a", b"b"]
    assert np.ravel(fourth["labels"]).tolist() == [b"c"]
    assert np.ravel(third["features"]["example_id"]).tolist() == [b"photo 2"]
    assert "image" not in first["features"]


def test_no_more_copies_are_made_than_are_asked_for(monkeypatch):
    made = []

    def counted(*args):
        made.append(args[1:3])
        return corrupt(*args)

    monkeypatch.setattr(corrupted_records, "corrupt", counted)
    step = AddCorruptedRecords(WANTED, batch_size=2)
    batches = step.process(batch_of([record(index) for index in range(7)]))
    next(batches)
    assert made == []
    next(batches)
    assert made == [("blur", 3)] * 2
    next(batches)
    assert made[2:] == [("noise", 1)] * 2


def test_photos_without_id_are_told_apart():
    images = [photo(0), photo(0).copy()]
    images[1][0, 0] ^= 1
    records = [serialize(image=encode(image)) for image in images]
    (batch,) = copies_of(records, wanted=(Corruption("noise", 1),))
    first, second = (
        np.asarray(Image.open(io.BytesIO(values_of(one)["image"])))
        for one in batch["input"]
    )
    assert (first != second).mean() > 0.5


def test_a_feature_of_that_name_an_unreadable_photo_and_a_batch_of_none_are_refused():
    with pytest.raises(ValueError, match="'photo 1' has a feature 'corruption' of its"):
        copies_of([record(1, corruption=b"theirs")])
    with pytest.raises(ValueError, match="the photo of 'x' cannot be read"):
        copies_of([serialize(example_id=b"x", image=b"none")])
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        AddCorruptedRecords(WANTED, 0)
