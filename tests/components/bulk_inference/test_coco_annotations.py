"""Components and run lengths against plain loops."""

from __future__ import annotations

import json

import numpy as np
import pytest

from components.bulk_inference.coco_annotations import annotate_components, count_runs


def decode(counts: list[int], size: list[int]) -> np.ndarray:
    """Reads COCO's runs: column by column, zeros first."""
    height, width = size
    flat: list[int] = []
    for index, count in enumerate(counts):
        flat += [index % 2] * count
    mask = np.zeros((height, width), int)
    assert len(flat) == height * width
    for place, value in enumerate(flat):
        mask[place % height, place // height] = value
    return mask


def flood(mask: np.ndarray, start: tuple[int, int]) -> set[tuple[int, int]]:
    """Returns the pixels that hang together with one, corners included."""
    found, border = {start}, [start]
    while border:
        row, column = border.pop()
        for near_row in range(max(0, row - 1), min(mask.shape[0], row + 2)):
            for near in range(max(0, column - 1), min(mask.shape[1], column + 2)):
                if (
                    mask[near_row, near] == mask[start]
                    and (near_row, near) not in found
                ):
                    found.add((near_row, near))
                    border.append((near_row, near))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_annotations_are_the_components_of_each_thing(seed: int) -> None:
    random = np.random.default_rng(seed)
    height, width = random.integers(1, 14, 2)
    mask = random.choice(4, (height, width), p=[0.5, 0.2, 0.2, 0.1]).astype(np.uint8)

    lines = list(annotate_components(mask, category_ids=[3, 1], score=0.25))

    told = [json.loads(line) for line in lines]
    left = {(r, c) for r in range(height) for c in range(width) if mask[r, c] in (1, 3)}
    for annotation in told:
        assert annotation["score"] == 0.25
        assert annotation["iscrowd"] == 0
        assert annotation["segmentation"]["size"] == [height, width]
        assert 0 not in annotation["segmentation"]["counts"][1:]
        pixels = {
            (int(row), int(column))
            for row, column in np.argwhere(decode(**annotation["segmentation"]))
        }
        start = next(iter(pixels))
        assert pixels == flood(mask, start)
        assert mask[start] == annotation["category_id"]
        assert annotation["area"] == len(pixels)
        rows, columns = zip(*pixels, strict=True)
        top, left_px = min(rows), min(columns)
        box = [left_px, top, max(columns) - left_px + 1, max(rows) - top + 1]
        assert annotation["bbox"] == box
        assert pixels <= left
        left -= pixels
    assert left == set()
    order = [(entry["category_id"], *entry["bbox"][1::-1]) for entry in told]
    assert order == sorted(order)


@pytest.mark.parametrize("seed", range(12))
def test_runs_of_a_crop_are_those_of_the_whole_mask(seed: int) -> None:
    random = np.random.default_rng(seed)
    height, width = (int(size) for size in random.integers(1, 9, 2))
    top, left = int(random.integers(0, height)), int(random.integers(0, width))
    rows = int(random.integers(1, height - top + 1))
    columns = int(random.integers(1, width - left + 1))
    if seed % 3 == 0:  # as high as the picture: runs go over into the next column
        top, rows = 0, height
    crop = random.random((rows, columns)) < 0.7
    whole = np.zeros((height, width), int)
    whole[top : top + rows, left : left + columns] = crop

    counts = count_runs(crop, top=top, left=left, size_px=(height, width))

    np.testing.assert_array_equal(decode(counts, [height, width]), whole)
    assert 0 not in counts[1:]


def test_a_mask_without_things_has_no_annotation() -> None:
    mask = np.zeros((5, 6), np.uint8)

    assert list(annotate_components(mask, category_ids=[1, 2], score=1.0)) == []
    full = list(annotate_components(mask, category_ids=[0], score=1.0))
    assert json.loads(full[0])["segmentation"]["counts"] == [0, 30]
