"""The hash of a test split: what changes it, and what does not."""

from __future__ import annotations

import pytest

from components.run_comparison.records_digest import records_digest
from tests.components.dataset_auditor.drawn_records import encode_example, make_record

NAMES = ("a", "b", "c")
RECORDS = [make_record(name, seed=index) for index, name in enumerate(NAMES)]


def test_order_of_photos_and_features_does_not_matter() -> None:
    features = {"example_id": "a", "group_id": "g", "image": b"1", "mask/car": b"2"}
    turned = dict(reversed(features.items()))

    assert records_digest(reversed(RECORDS), "car") == records_digest(RECORDS, "car")
    assert records_digest([encode_example(features)], "car") == records_digest(
        [encode_example(turned)], "car"
    )


@pytest.mark.parametrize(
    "changes",
    [{"group_id": "another car"}, {"mask/car": b"x"}, {"image": b"x"}],
    ids=lambda changes: next(iter(changes)),
)
def test_another_photo_mask_or_group_changes_it(changes: dict[str, object]) -> None:
    changed = [*RECORDS[:2], make_record("c", seed=2, **changes)]

    assert records_digest(changed, "car") != records_digest(RECORDS, "car")


def test_what_is_not_compared_does_not_change_it() -> None:
    changed = [*RECORDS[:2], make_record("c", seed=2, view="rear")]

    assert records_digest(changed, "car") == records_digest(RECORDS, "car")


def test_a_photo_that_is_there_twice_counts() -> None:
    twice = [*RECORDS, RECORDS[0], RECORDS[0]]

    assert records_digest(twice, "car") != records_digest(RECORDS, "car")
    assert records_digest([RECORDS[0]] * 2, "car") != records_digest([], "car")


def test_bytes_do_not_wander_from_one_feature_to_the_next() -> None:
    one = encode_example({"example_id": "ab", "group_id": "c"})
    other = encode_example({"example_id": "a", "group_id": "bc"})

    assert records_digest([one], "car") != records_digest([other], "car")
