import base64
import io

import numpy as np
from PIL import Image

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.thumbnails import draw_thumbnail, overlay_mask
from tests.components.dataset_auditor.drawn_records import (
    TAXONOMY,
    draw_photo,
    encode,
    make_record,
)

TABLE = ClassTable.from_taxonomy(TAXONOMY)


def test_overlay_shows_classes_void_and_unknown_ids_over_the_photo():
    photo = Image.new("RGB", (4, 1), (100, 100, 100))
    mask = Image.fromarray(np.array([[0, 1, 255, 7]], np.uint8))
    assert np.asarray(overlay_mask(photo, mask, TABLE)).tolist() == [
        [[100, 100, 100], [50, 50, 121], [178, 178, 178], [178, 50, 178]]
    ]


def test_a_thumbnail_is_small_upright_and_without_the_files_comment():
    photo = draw_photo(1, 400, 200)
    data = encode(photo, "JPEG", comment=b"home of the owner")
    record = make_record("a", image=data, orientation=6, mask_car=None)
    jpeg = base64.b64decode(draw_thumbnail(record, task="car", table=TABLE))
    assert Image.open(io.BytesIO(jpeg)).size == (110, 220)
    assert b"owner" not in jpeg


def test_what_cannot_be_decoded_has_no_thumbnail():
    record = make_record("a", image=b"no")
    assert draw_thumbnail(record, task="car", table=TABLE) == ""
    assert draw_thumbnail(b"\x0b", task="car", table=TABLE) == ""
