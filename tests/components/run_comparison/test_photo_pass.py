"""Which photos are kept, in how much memory, and what is drawn of them."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from PIL import Image

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.example_reader import first_text, read_example
from components.run_comparison.disputed_photo import (
    FIRST_RIGHT,
    NONE_RIGHT,
    OTHER_RIGHT,
)
from components.run_comparison.photo_pass import PhotoPass
from tests.components.dataset_auditor.drawn_records import (
    TAXONOMY,
    draw_mask,
    encode,
    make_record,
)

TABLE = ClassTable.from_taxonomy(TAXONOMY)
PIXELS = 96 * 64
CAR_ROWS = 16


def missed(name: str) -> int:
    return int(name.rpartition("_")[2])


class Model:
    """Misses as many columns of the car as the photo's name says, times a factor."""

    def __init__(self, factor: int) -> None:
        self.factor = factor
        self.batches: list[int] = []

    def __call__(self, records: Sequence[bytes]) -> list[bytes]:
        self.batches.append(len(records))
        return [encode(self.mask(record)) for record in records]

    def mask(self, record: bytes) -> np.ndarray:
        columns = self.factor * missed(first_text(read_example(record), "example_id"))
        mask = draw_mask()
        mask[20:36, 30 : 30 + columns] = 0
        return mask


def photo_pass(**changes: int) -> PhotoPass:
    return PhotoPass(task="car", table=TABLE, **{"keep": 2, "batch_size": 3} | changes)


def records(*columns: int) -> Iterator[bytes]:
    return (make_record(f"photo_{count}", seed=count) for count in columns)


def test_the_photos_are_kept_whose_masks_differ_most() -> None:
    passed = photo_pass()

    found = passed.run(records(2, 9, 0, 4, 7), [Model(1), Model(2)])

    assert [photo.example_id for photo in found] == ["photo_9", "photo_7"]
    assert [photo.dispute.share for photo in found] == [
        9 * CAR_ROWS / PIXELS,
        7 * CAR_ROWS / PIXELS,
    ]
    assert found[0].dispute.right == (1.0, 0.0)
    assert passed.photos_asked == 5


def test_photos_with_equal_masks_are_not_shown() -> None:
    assert photo_pass().run(records(0, 0), [Model(1), Model(2)]) == []


def test_equal_disputes_are_kept_by_name_whatever_their_order() -> None:
    names = ["photo_b_5", "photo_c_5", "photo_a_5"]

    def stream(order: Sequence[str]) -> Iterator[bytes]:
        return (make_record(name, seed=1) for name in order)

    for order in (names, names[::-1]):
        found = photo_pass().run(stream(order), [Model(1), Model(2)])
        assert [photo.example_id for photo in found] == ["photo_a_5", "photo_b_5"]


def test_each_model_is_asked_in_batches_and_progress_is_told() -> None:
    models, told = [Model(1), Model(2)], []

    photo_pass().run(records(*range(7)), models, told.append)

    assert [model.batches for model in models] == [[3, 3, 1]] * 2
    assert told == [3, 6, 7]


def test_no_more_photos_are_held_than_are_shown() -> None:
    passed = photo_pass(keep=2, batch_size=1)
    held = []

    passed.run(
        records(*range(1, 9)),
        [Model(1), Model(2)],
        lambda count: held.append(len(passed._kept)),
    )

    assert max(held) == 2


def colours(base64_png: str) -> np.ndarray:
    picture = Image.open(io.BytesIO(base64.b64decode(base64_png)))
    return np.asarray(picture.convert("RGBA"))


def test_the_pictures_are_truth_masks_and_who_is_right() -> None:
    (photo,) = photo_pass().run(records(6), [Model(1), Model(2)])

    assert (photo.width_px, photo.height_px) == (96, 64)
    assert (colours(photo.truth)[..., 3] > 0).sum() == (draw_mask() > 0).sum()
    for factor, png in enumerate(photo.masks, start=1):
        mask = draw_mask()
        mask[20:36, 30 : 30 + 6 * factor] = 0
        assert ((colours(png)[..., 3] > 0) == (mask > 0)).all()
    first_right = colours(photo.disputed)[20:36, 36:42]
    assert (first_right[..., :3] == (86, 180, 233)).all()
    assert (colours(photo.disputed)[..., 3] > 0).sum() == 6 * CAR_ROWS
    assert photo.photo


def test_the_three_colours_of_a_dispute_are_different() -> None:
    def masks(record: bytes) -> list[np.ndarray]:
        truth = draw_mask()
        first, second = truth.copy(), truth.copy()
        first[0, :3] = 1
        second[1, :3] = 1
        first[2, :3], second[2, :3] = 1, 2
        return [first, second]

    (photo,) = photo_pass().run(
        records(1),
        [
            lambda batch: [encode(masks(record)[0]) for record in batch],
            lambda batch: [encode(masks(record)[1]) for record in batch],
        ],
    )

    drawn = colours(photo.disputed)[:, 0, :3]
    assert tuple(drawn[0]) == (230, 110, 0)  # OTHER_RIGHT
    assert tuple(drawn[1]) == (86, 180, 233)  # FIRST_RIGHT
    assert tuple(drawn[2]) == (204, 80, 160)  # NONE_RIGHT
    assert len({FIRST_RIGHT, OTHER_RIGHT, NONE_RIGHT}) == 3


@pytest.mark.parametrize("field", ["keep", "batch_size"])
def test_impossible_numbers_are_refused(field: str) -> None:
    with pytest.raises(ValueError, match=f"{field} must be 1 or more, got 0"):
        photo_pass(**{field: 0})
