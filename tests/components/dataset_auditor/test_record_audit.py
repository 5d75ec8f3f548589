import numpy as np
import pytest
from PIL import Image

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.record_audit import RecordAudit, audit_record
from components.dataset_auditor.tolerances import AuditTolerances
from tests.components.dataset_auditor.drawn_records import (
    TAXONOMY,
    draw_mask,
    draw_photo,
    encode,
    instances,
    make_record,
)

TABLE = ClassTable.from_taxonomy(TAXONOMY)


def audit(record, **bounds):
    return audit_record(
        record,
        split="train",
        task="car",
        table=TABLE,
        tolerances=AuditTolerances(**bounds),
        slice_features=("view", "domain"),
    )


def only_defect(record, **bounds):
    (defect,) = audit(record, **bounds).defects
    return defect


def test_a_flawless_record_has_its_measures_and_no_defect():
    result = audit(make_record("a", mask_car=encode(draw_mask())))
    assert result.defects == []
    assert result.class_px == {0: 96 * 64 - 576, 1: 32 * 16, 2: 64}
    assert (result.void_px, result.size) == (0, (96, 64))
    assert result.slices == {"view": "front", "domain": "synthetic"}
    assert (result.example_id, result.group_id) == ("a", "group of a")


def test_an_audit_round_trips_through_its_line():
    result = audit(make_record("한글 <a>", instances=instances(1, 1, 2), view=None))
    assert "\n" not in result.to_json()
    assert RecordAudit.from_json(result.to_json()) == result
    assert result.instances == {1: 2, 2: 1}
    broken = audit(b"\x00")
    assert RecordAudit.from_json(broken.to_json()) == broken


MASK_VOID = np.full((64, 96), 255, np.uint8)
MASK_BACKGROUND = np.zeros((64, 96), np.uint8)
MASK_STRANGE = draw_mask()
MASK_STRANGE[0, :5] = 17
MASK_MOSTLY_VOID = MASK_VOID.copy()
MASK_MOSTLY_VOID[:2] = 1
MASK_SPECKS = draw_mask()
MASK_SPECKS[2:16:4, 3:90:4] = 1  # 4 x 22 single pixels


@pytest.mark.parametrize(
    ("changes", "rule", "detail"),
    [
        ({"image": b"no"}, "undecodable_image", "the image: 2 bytes that are no image"),
        (
            {"image": encode(draw_photo(1), "JPEG", quality=95)[:-200]},
            "undecodable_image",
            "the image: OSError: ",
        ),
        (
            {"image": encode(draw_photo(1), "GIF")},
            "undecodable_image",
            "the image: the format is GIF; JPEG or MPO or PNG is needed",
        ),
        (
            {"orientation": 9},
            "undecodable_image",
            "the image: orientation must be 1..8, got 9",
        ),
        (
            {"mask_car": encode(draw_photo(2))},
            "undecodable_image",
            "the mask: a mask must be an 8-bit PNG of one channel, got mode RGB",
        ),
        (
            {"mask_car": b""},
            "undecodable_image",
            "the mask: 0 bytes that are no image",
        ),
        ({"mask_car": None}, "missing_feature", "the record has no `mask/car`"),
        ({"image": None}, "missing_feature", "the record has no `image`"),
        ({"group_id": None}, "missing_feature", "the record has no `group_id`"),
        (
            {"mask_car": encode(draw_mask(64, 96))},
            "size_mismatch",
            "the mask is 64x96, the upright photo 96x64",
        ),
        (
            {"height": 65},
            "size_mismatch",
            "the record's width, height is 96x65, the upright photo 96x64",
        ),
        (
            {"mask_car": encode(MASK_STRANGE)},
            "unknown_id",
            "the mask holds id 17 (5 px); the taxonomy knows 0..2 and 255 for void",
        ),
        (
            {"mask_car": encode(MASK_VOID)},
            "empty_mask",
            "all 6144 pixels of the mask are void",
        ),
        (
            {"mask_car": encode(MASK_BACKGROUND)},
            "background_only_mask",
            "the mask holds only 'background'",
        ),
        (
            {"mask_car": encode(MASK_MOSTLY_VOID)},
            "void_share",
            "96.9% of the mask is void, more than 90.0%",
        ),
        (
            {"mask_car": encode(MASK_SPECKS)},
            "specks",
            "88 pieces below 9 px, the first of 'car' at x=3, y=2",
        ),
        (
            {"instances": "{"},
            "bad_instances",
            "`instances` is unreadable: JSONDecodeError",
        ),
        (
            {"instances": instances(1, 9)},
            "bad_instances",
            "`instances` holds class ids [9], not in the taxonomy",
        ),
    ],
)
def test_each_flaw_is_one_defect_with_its_sentence(changes, rule, detail):
    found = only_defect(make_record("a", **changes))
    assert found[0] == rule
    assert found[1].startswith(detail)


def test_bytes_that_are_no_example_are_a_defect():
    rule, detail = only_defect(b"\x0a\xff\x01abc")
    assert rule == "undecodable_image"
    assert detail.startswith("the record is not a tf.Example: field 1 wants 255 bytes")


def test_bounds_move_the_findings():
    record = make_record("a", mask_car=encode(MASK_SPECKS))
    assert audit(record, max_specks_per_image=88).defects == []
    assert audit(record, speck_area_px=0).defects == []
    assert audit(record, speck_area_px=1).defects == []
    record = make_record("a", mask_car=encode(MASK_MOSTLY_VOID))
    assert audit(record, void_share_per_image=0.97).defects == []


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (6, Image.Transpose.ROTATE_90),
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_content_is_the_upright_pixels_not_the_file(orientation, turn):
    photo = draw_photo(5)
    plain = audit(make_record("a", photo=photo))
    lying = encode(photo.transpose(turn), compress_level=0)
    turned = audit(make_record("c", image=lying, orientation=orientation))
    assert turned.content == plain.content
    assert turned.size == (96, 64)
    assert turned.defects == []


def test_one_other_pixel_is_another_content():
    photo = draw_photo(5)
    before = audit(make_record("a", photo=photo)).content
    photo.putpixel((3, 3), (1, 2, 3))
    assert audit(make_record("a", photo=photo)).content != before
