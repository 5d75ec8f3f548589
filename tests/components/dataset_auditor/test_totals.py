import pytest

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.record_audit import RecordAudit
from components.dataset_auditor.totals import Totals, describe_totals, loss_weights
from tests.components.dataset_auditor.drawn_records import TAXONOMY

TABLE = ClassTable.from_taxonomy(TAXONOMY)
BUMPER = "범퍼 <front>"


def record(key, split, class_px, void_px=0, size=(10, 10), **fields):
    return RecordAudit(
        record_key=key,
        split=split,
        example_id=key,
        group_id=f"g{key}",
        class_px=class_px,
        void_px=void_px,
        size=size,
        **fields,
    )


RECORDS = [
    record("a", "train", {0: 60, 1: 40}, slices={"view": "front"}, instances={1: 2}),
    record("b", "train", {0: 80, 1: 10, 2: 10}, slices={"view": "rear"}),
    record("c", "test", {0: 50}, void_px=50, size=(5, 20), slices={"view": "front"}),
]


def described(records):
    totals = Totals()
    for one in records:
        totals.add(one)
    return describe_totals(totals, TABLE, ["train", "test", "eval"])


def test_histograms_match_the_hand_calculation():
    tables = described(RECORDS)
    assert tables["classes"] == [
        {
            "id": 0,
            "name": "background",
            "pixels": 190,
            "share": 0.76,
            "images": 3,
            "instances": 0,
        },
        {
            "id": 1,
            "name": "car",
            "pixels": 50,
            "share": 0.2,
            "images": 2,
            "instances": 2,
        },
        {
            "id": 2,
            "name": BUMPER,
            "pixels": 10,
            "share": 0.04,
            "images": 1,
            "instances": 0,
        },
    ]
    assert tables["void_share"] == pytest.approx(50 / 300, abs=1e-6)
    assert tables["slices"]["view"]["front"] == {
        "examples": 2,
        "class_pixels": {"background": 110, "car": 40, BUMPER: 0},
    }
    assert tables["sizes"] == [
        {"width": 10, "height": 10, "count": 2},
        {"width": 5, "height": 20, "count": 1},
    ]
    assert tables["splits"]["eval"]["examples"] == 0
    assert tables["splits"]["train"]["groups"] == 2


def test_loss_weights_match_the_hand_calculation():
    # train only: background 140/200, car 50/200, bumper 10/100; the median is 0.25
    assert described(RECORDS)["loss_weights"] == {
        "background": round(0.25 / 0.7, 4),
        "car": 1.0,
        BUMPER: 2.5,
    }


def test_weights_stay_in_their_range_and_absent_classes_weigh_one():
    weights = loss_weights(
        {0: 99_999, 1: 1}, {0: 100_000, 1: 100_000}, {0: "none", 1: "car", 2: "van"}
    )
    assert weights == {"none": 0.5, "car": 10.0, "van": 1.0}
    assert loss_weights({}, {}, {0: "none"}) == {"none": 1.0}


def test_order_does_not_matter():
    assert described(RECORDS) == described(RECORDS[::-1])


def test_sizes_beyond_twenty_are_summed_up():
    many = [record(str(i), "train", {0: 1}, size=(i, 9)) for i in range(1, 26)]
    sizes = described(many)["sizes"]
    assert len(sizes) == 21
    assert sizes[-1] == {"width": None, "height": None, "count": 5}
