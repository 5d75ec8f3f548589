from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from components.dataset_auditor.class_table import ClassTable
from components.evaluation_report.photo_layers import (
    ERROR_RGBA,
    FALSE_ALARM,
    HIT,
    MISSED,
    RIGHT,
    VOID,
    PhotoLayers,
    all_errors_map,
    draw_layers,
    error_map,
)
from tests.components.dataset_auditor.drawn_records import (
    TAXONOMY,
    draw_mask,
    draw_photo,
    encode,
    make_record,
)

TABLE = ClassTable.from_taxonomy(TAXONOMY)
GPS_TAG, MAKE_TAG = 0x8825, 0x010F


def layers_of(record: bytes, predicted: np.ndarray, **options: int) -> PhotoLayers:
    return draw_layers(
        record, encode(predicted), task="car", table=TABLE, class_ids=[1], **options
    )


def open_picture(data: str) -> Image.Image:
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    picture.load()
    return picture


def test_every_pixel_of_a_class_is_told_apart() -> None:
    truth = np.array([[1, 1, 1, 0], [0, 2, 2, 255], [1, 0, 255, 1]], np.uint8)
    predicted = np.array([[1, 0, 2, 1], [0, 2, 1, 1], [255, 2, 0, 1]], np.uint8)

    assert error_map(truth, predicted, 1, 255).tolist() == [
        [HIT, MISSED, MISSED, FALSE_ALARM],
        [RIGHT, RIGHT, FALSE_ALARM, VOID],
        [MISSED, RIGHT, VOID, HIT],
    ]


@pytest.mark.parametrize("background_id", [0, None])
def test_every_pixel_of_all_classes_is_told_apart(background_id: int | None) -> None:
    rng = np.random.default_rng(4)
    truth, predicted = rng.choice([0, 1, 2, 255], (2, 12, 16)).astype(np.uint8)

    found = all_errors_map(truth, predicted, background_id, 255)

    for place in np.ndindex(truth.shape):
        true_id, predicted_id = truth[place], predicted[place]
        if true_id == 255:
            expected = VOID
        elif true_id == background_id:
            expected = RIGHT if predicted_id == true_id else FALSE_ALARM
        else:
            expected = HIT if predicted_id == true_id else MISSED
        assert found[place] == expected


def test_masks_are_drawn_in_class_colours_and_see_through() -> None:
    predicted = draw_mask()
    predicted[0, :10] = 255
    predicted[1, :10] = 77

    layers = layers_of(make_record("car"), predicted)

    rgba = np.asarray(open_picture(layers.prediction).convert("RGBA"))
    assert rgba[25, 40].tolist() == [0, 0, 142, 160]
    assert rgba[26, 65].tolist() == [220, 20, 60, 160]
    assert rgba[60, 90, 3] == 0  # background
    assert rgba[0, 3].tolist() == [255, 255, 255, 160]  # void
    assert rgba[1, 3].tolist() == [255, 0, 255, 160]  # in no taxonomy
    truth = np.asarray(open_picture(layers.truth))
    assert (truth == draw_mask()).all()


def test_the_error_map_is_drawn_in_its_own_colours() -> None:
    predicted = draw_mask()
    predicted[20:36, 30:40] = 0
    predicted[40:44, 30:40] = 1

    rgba = np.asarray(
        open_picture(layers_of(make_record("car"), predicted).errors[1]).convert("RGBA")
    )

    assert tuple(rgba[25, 35]) == ERROR_RGBA[MISSED]
    assert tuple(rgba[42, 35]) == ERROR_RGBA[FALSE_ALARM]
    assert tuple(rgba[25, 50]) == ERROR_RGBA[HIT]
    assert tuple(rgba[60, 90]) == ERROR_RGBA[RIGHT]


def test_no_metadata_of_the_photo_travels() -> None:
    photo = draw_photo(1)
    exif = Image.Exif()
    exif[MAKE_TAG] = "SecretCamera"
    exif[GPS_TAG] = {1: "N", 2: (37.0, 33.0, 59.0)}
    jpeg = encode(photo, "JPEG", exif=exif, comment=b"kept by Kim", quality=95)
    assert b"SecretCamera" in jpeg and b"kept by Kim" in jpeg

    data = layers_of(make_record("car", image=jpeg), draw_mask()).photo

    drawn = base64.b64decode(data)
    assert b"SecretCamera" not in drawn
    assert b"Exif" not in drawn
    assert b"kept by Kim" not in drawn
    assert dict(open_picture(data).getexif()) == {}
    far = np.abs(np.asarray(open_picture(data), int) - np.asarray(photo, int))
    assert far.mean() < 6


def test_a_turned_photo_lies_under_its_upright_mask() -> None:
    upright = draw_photo(2)
    stored = upright.transpose(Image.Transpose.ROTATE_90)  # 6 turns it back
    record = make_record(
        "car", image=encode(stored), orientation=6, mask_car=encode(draw_mask())
    )

    layers = layers_of(record, draw_mask())

    assert (layers.width_px, layers.height_px) == (96, 64)
    drawn = np.asarray(open_picture(layers.photo), int)
    assert np.abs(drawn - np.asarray(upright, int)).mean() < 6


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(2000, 1000, (96, 48)), (500, 1000, (48, 96)), (40, 20, (40, 20))],
)
def test_large_photos_become_small_and_small_ones_stay(
    width: int, height: int, expected: tuple[int, int]
) -> None:
    mask = np.zeros((height, width), np.uint8)
    mask[:, : width // 2] = 1
    photo = draw_photo(1, width, height)
    record = make_record("car", photo=photo, mask_car=encode(mask))

    layers = layers_of(record, mask, max_side_px=96)

    for picture in (layers.photo, layers.truth, layers.prediction, layers.errors[1]):
        assert open_picture(picture).size == expected
    half = np.asarray(open_picture(layers.truth))
    assert (half[:, : expected[0] // 2] == 1).all()
    assert (half[:, expected[0] // 2 :] == 0).all()


def test_a_photo_that_cannot_be_decoded_leaves_its_masks() -> None:
    layers = layers_of(make_record("car", image=b"no picture"), draw_mask())

    assert layers.photo == ""
    assert (np.asarray(open_picture(layers.truth)) == draw_mask()).all()


def test_what_the_page_grows_by_is_known_before() -> None:
    layers = layers_of(make_record("car"), draw_mask())

    parts = (layers.photo, layers.truth, layers.prediction, layers.errors[1])
    assert layers.base64_bytes(1) == len("".join(parts))
