import io

import numpy as np
import pytest
from PIL import Image

from components.dataset_auditor.near_duplicates import (
    find_near_duplicates,
    grey_thumbnail,
)
from tests.components.dataset_auditor.drawn_records import draw_photo

PICTURES = 60


def thumbnail(photo):
    return grey_thumbnail(np.asarray(photo.convert("L")))


def jpeg_60(photo):
    stream = io.BytesIO()
    photo.save(stream, "JPEG", quality=60)
    return Image.open(stream)


def cropped(photo, share=0.03):
    x, y = round(photo.width * share), round(photo.height * share)
    return photo.crop((x, y, photo.width - x, photo.height - y))


CHANGES = {
    "mirrored": lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "JPEG 60": jpeg_60,
    "resized 0.7": lambda p: p.resize((round(p.width * 0.7), round(p.height * 0.7))),
    "cropped 3 %": cropped,
    "mirrored, cropped": lambda p: cropped(p).transpose(
        Image.Transpose.FLIP_LEFT_RIGHT
    ),
}


@pytest.fixture(scope="module")
def photos():
    return [draw_photo(seed, 240, 160) for seed in range(PICTURES)]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_copies_are_found_and_nothing_else(photos, change):
    left = np.stack([thumbnail(photo) for photo in photos])
    right = np.stack([thumbnail(change(photo)) for photo in photos[:20]])
    pairs = find_near_duplicates(left, right, similarity=0.95)
    assert {(pair.left, pair.right) for pair in pairs} == {(i, i) for i in range(20)}


def test_a_mirrored_copy_says_so(photos):
    left = thumbnail(photos[0])[None]
    pairs = find_near_duplicates(left, left[:, :, ::-1], similarity=0.95)
    assert [(pair.mirrored, pair.similarity) for pair in pairs] == [(True, 1.0)]


def test_a_pair_that_shares_a_label_is_not_compared(photos):
    left = np.stack([thumbnail(photo) for photo in photos[:3]])
    pairs = find_near_duplicates(
        left,
        left,
        similarity=0.95,
        left_labels=np.array([[1, 10], [2, 20], [3, 30]]),
        right_labels=np.array([[1, 11], [2, 22], [9, 99]]),
    )
    assert [(pair.left, pair.right) for pair in pairs] == [(2, 2)]


def test_flat_pictures_are_no_pair_and_no_warning():
    flat = np.full((2, 32, 32), 127, np.uint8)
    assert find_near_duplicates(flat, flat, similarity=0.5) == []


def test_an_empty_side_gives_no_pair(photos):
    one = thumbnail(photos[0])[None]
    assert find_near_duplicates(one, one[:0], similarity=0.9) == []


def test_the_search_ends_at_its_limit(photos):
    left = np.repeat(thumbnail(photos[0])[None], 5, axis=0)
    assert len(find_near_duplicates(left, left, similarity=0.9)) == 25
    assert len(find_near_duplicates(left, left, similarity=0.9, limit=4)) == 4
