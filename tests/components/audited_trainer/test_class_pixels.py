import pytest

from components.audited_trainer.class_pixels import class_pixels
from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.record_audit import RecordAudit
from components.dataset_auditor.totals import Totals, describe_totals
from tests.components.dataset_auditor.drawn_records import TAXONOMY

REPORT = {
    "classes": [{"id": 1, "name": "car"}, {"id": 0, "name": "background"}],
    "splits": {"train": {"class_pixels": {"car": 30, "background": 90}}},
}


def test_pixels_come_in_the_order_of_class_ids() -> None:
    assert class_pixels(REPORT, "train") == [90, 30]


def test_an_unknown_split_is_refused() -> None:
    sentence = "must count the split 'fit', it knows train; audit"
    with pytest.raises(ValueError, match=sentence):
        class_pixels(REPORT, "fit")


def test_it_reads_what_the_auditor_describes() -> None:
    totals = Totals()
    for split, pixels in (("train", {0: 50, 2: 7}), ("eval", {0: 9, 1: 9})):
        totals.add(
            RecordAudit(record_key=split, split=split, example_id="", class_px=pixels)
        )
    table = ClassTable.from_taxonomy(TAXONOMY)

    report = describe_totals(totals, table, ["train", "eval"])

    assert class_pixels(report, "train") == [50, 0, 7]
