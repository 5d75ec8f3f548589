from __future__ import annotations

import doctest

import numpy as np

from components.segmentation_metrics import slice_rules
from components.segmentation_metrics.slice_rules import apply_slice_rules

KEYS = [
    (),
    (("view", "front"),),
    (("corruption", "fog 2"),),
    (("corruption", "fog 2"), ("view", "front")),
    (("brightness", "dark"), ("corruption", "fog 2")),
]
OF_COPIES, OF_PHOTOS = KEYS[2:], KEYS[:2]


def extracts(keys, **features):
    array = np.empty(len(keys), object)
    array[:] = keys
    return {"features": features, "_slice_key_types": array, "labels": "kept"}


def found_keys(element):
    keys = apply_slice_rules(element)["_slice_key_types"]
    assert keys.dtype == object and keys.ndim == 1
    return keys.tolist()


def test_a_copy_counts_in_slices_of_its_corruption_alone():
    copy = extracts(KEYS, corruption=np.array([b"fog 2"], object))
    assert found_keys(copy) == OF_COPIES
    assert found_keys(extracts([()], corruption=np.array([b"fog 2"], object))) == []


def test_a_photo_counts_everywhere_else():
    photo = extracts(OF_PHOTOS, view=np.array([b"front"], object))
    assert found_keys(photo) == OF_PHOTOS
    assert found_keys(extracts(KEYS)) == OF_PHOTOS


def test_nothing_but_the_keys_changes():
    element = extracts(KEYS, view="front")
    answer = apply_slice_rules(element)
    assert answer["labels"] == "kept" and answer["features"] == {"view": "front"}
    assert len(element["_slice_key_types"]) == len(KEYS)  # Beam forbids to change it


def test_examples_hold():
    assert doctest.testmod(slice_rules) == (0, 3)
