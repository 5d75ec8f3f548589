"""Objects are painted large before small, and each is listed whole."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tfds_builders.test_run_lengths import compressed
from tfds_builders.annotated_objects import (
    AnnotatedObject,
    AnnotationFrame,
    draw_objects,
)
from tfds_builders.mask_patch import patch_of
from tfds_builders.run_lengths import decode_rle, encode_rle

SMALL = AnnotatedObject(class_id=2, polygons=(((1, 1), (3, 1), (3, 2), (1, 2)),))
LARGE = AnnotatedObject(class_id=1, polygons=(((0, 0), (5, 0), (5, 3), (0, 3)),))


@pytest.mark.parametrize("order", [(SMALL, LARGE), (LARGE, SMALL)], ids=["s", "l"])
def test_the_small_one_lies_on_top_in_any_order(order: tuple) -> None:
    frame = AnnotationFrame(height_px=4, width_px=6)

    mask_ids = draw_objects(order, frame, task="parts").mask_ids

    assert mask_ids.tolist() == [
        [1, 1, 1, 1, 1, 0],
        [1, 2, 2, 1, 1, 0],
        [1, 1, 1, 1, 1, 0],
        [0, 0, 0, 0, 0, 0],
    ]


@pytest.mark.parametrize("is_text", [True, False], ids=["compressed", "plain"])
def test_holes_of_run_lengths_stay(is_text: bool) -> None:
    ring = np.ones((4, 5), bool)
    ring[1:3, 1:4] = False
    counts = encode_rle(patch_of(ring))["counts"]
    entry = AnnotatedObject(
        class_id=3, rle_counts=compressed(counts) if is_text else tuple(counts)
    )
    inner = AnnotatedObject(class_id=1, polygons=(((2, 1), (3, 1), (3, 2), (2, 2)),))

    frame = AnnotationFrame(height_px=4, width_px=5)
    mask_ids = draw_objects([inner, entry], frame, task="parts").mask_ids

    expected = np.where(ring, 3, 0)
    expected[1, 2] = 1
    assert mask_ids.tolist() == expected.tolist()


def test_an_annotation_of_stored_pixels_is_turned() -> None:
    frame = AnnotationFrame(height_px=4, width_px=6, orientation=6)

    drawn = draw_objects([SMALL], frame, task="damage")

    # EXIF 6 turns clockwise: row 1 becomes the last but one column.
    assert drawn.mask_ids.shape == (6, 4)
    assert np.argwhere(drawn.mask_ids == 2).tolist() == [[1, 2], [2, 2]]
    (instance,) = drawn.instances
    assert instance["bbox_px"] == [2, 1, 1, 2]


def test_instances_are_whole_and_numbered_without_those_off_the_picture() -> None:
    off = AnnotatedObject(class_id=1, polygons=(((9, 9), (12, 9), (12, 12)),))

    frame = AnnotationFrame(height_px=4, width_px=6)

    listed = draw_objects([LARGE, off, SMALL], frame, task="parts").instances

    assert [(entry["instance_id"], entry["class_id"]) for entry in listed] == [
        (1, 1),
        (2, 2),
    ]
    assert [entry["area_px"] for entry in listed] == [15, 2]
    assert {entry["task"] for entry in listed} == {"parts"}
    rle = listed[0]["rle"]
    assert decode_rle(rle["counts"], height_px=4, width_px=6).sum() == 15


def test_what_is_background_is_painted_but_no_instance() -> None:
    patch = AnnotatedObject(class_id=0, polygons=(((1, 1), (2, 1), (2, 2), (1, 2)),))
    frame = AnnotationFrame(height_px=4, width_px=6)

    drawn = draw_objects([LARGE, patch], frame, task="parts")

    assert drawn.mask_ids[1].tolist() == [1, 0, 1, 1, 1, 0]
    assert [entry["class_id"] for entry in drawn.instances] == [1]
    # The patch covers it, but the object stays whole.
    assert drawn.instances[0]["area_px"] == 15
