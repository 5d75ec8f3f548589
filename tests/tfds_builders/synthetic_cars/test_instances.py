import json

import numpy as np
import pytest

from tfds_builders.mask_patch import patch_of
from tfds_builders.run_lengths import encode_rle
from tfds_builders.synthetic_cars.canvas import Mark
from tfds_builders.synthetic_cars.instances import list_instances
from tfds_builders.synthetic_cars.taxonomy import DAMAGE_IDS, STREET_IDS, TAXONOMIES


def _decode(rle):
    height, width = rle["size"]
    flat, value, at = np.zeros(height * width, bool), False, 0
    for count in rle["counts"]:
        flat[at : at + count] = value
        at, value = at + count, not value
    assert at == flat.size
    return flat.reshape((height, width), order="F")


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        (["010", "010"], [2, 2, 2]),
        (["100", "000"], [0, 1, 5]),
        (["000", "001"], [5, 1]),
        (["000", "000"], [6]),
        (["111", "111"], [0, 6]),
        (["101", "110"], [0, 2, 1, 2, 1]),
    ],
    ids=["column", "first", "last", "empty", "full", "mixed"],
)
def test_run_lengths_go_down_the_columns_and_begin_with_zeros(rows, counts):
    mask = np.array([[v == "1" for v in row] for row in rows])
    rle = encode_rle(patch_of(mask))
    assert rle == {"size": [2, 3], "counts": counts}
    np.testing.assert_array_equal(_decode(rle), mask)


def test_boxes_and_areas_are_those_of_the_masks():
    codes = np.full((4, 5), STREET_IDS["road"], np.uint8)
    codes[1:3, 2:5] = 40
    parts = np.where(codes == 40, 2, 0)
    parts[1, 2] = 11
    marks = np.zeros((4, 5), np.uint8)
    marks[2, 3:5] = 1
    mark = Mark(class_id=DAMAGE_IDS["dent"], car_code=40)
    streets = {0: 0, 40: STREET_IDS["car"]}
    found = list_instances(codes, parts, marks, streets, {1: mark})
    short = [
        (e["task"], e["class_id"], e["instance_id"], e["bbox_px"], e["area_px"])
        for e in found
    ]
    assert short == [
        ("street", STREET_IDS["car"], 1, [2, 1, 3, 2], 6),
        ("car", 1, 1, [2, 1, 3, 2], 6),
        ("parts", 2, 1, [2, 1, 3, 2], 5),
        ("parts", 11, 1, [2, 1, 1, 1], 1),
        ("damage", DAMAGE_IDS["dent"], 1, [3, 2, 2, 1], 2),
    ]


@pytest.mark.parametrize("task", ["car", "parts", "damage", "street"])
def test_the_objects_together_are_the_mask(scenes, task):
    countable = list(range(TAXONOMIES[task].num_classes))
    if task == "street":
        countable = [STREET_IDS[n] for n in ("car", "truck", "bus", "person")]
    background = TAXONOMIES[task].background_id
    for scene in scenes[:25]:
        rebuilt = np.full(scene.masks[task].shape, 255, np.uint8)
        for entry in scene.instances:
            if entry["task"] != task:
                continue
            pixels = _decode(entry["rle"])
            assert (rebuilt[pixels] == 255).all(), "two objects share a pixel"
            assert pixels.sum() == entry["area_px"]
            rebuilt[pixels] = entry["class_id"]
        counted = np.isin(scene.masks[task], [c for c in countable if c != background])
        expected = np.where(counted, scene.masks[task], 255)
        np.testing.assert_array_equal(rebuilt, expected)


def test_objects_are_plain_json(scenes):
    found = scenes[0].instances
    assert json.loads(json.dumps(found)) == found


def test_parts_and_damage_carry_the_number_of_their_car(scenes):
    for scene in scenes[:25]:
        cars = {
            entry["instance_id"]: _decode(entry["rle"])
            for entry in scene.instances
            if entry["task"] == "car"
        }
        for entry in scene.instances:
            if entry["task"] in ("parts", "damage"):
                inside = cars[entry["instance_id"]]
                assert not (_decode(entry["rle"]) & ~inside).any()
