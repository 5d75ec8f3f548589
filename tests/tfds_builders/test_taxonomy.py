"""A taxonomy that exists is consistent; its JSON form loses nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tfds_builders.taxonomy import SegmentationClass, Taxonomy


def entry(
    class_id: int, name: str, flips_with: str | None = None, **more: Any
) -> SegmentationClass:
    rgb = more.get("rgb", (class_id, 2 * class_id, 3))
    return SegmentationClass(id=class_id, name=name, rgb=rgb, flips_with=flips_with)


def taxonomy(*classes: SegmentationClass, **more: Any) -> Taxonomy:
    return Taxonomy(dataset="d", task="t", classes=classes, **more)


DOORS = (
    entry(0, "background"),
    entry(1, "left_door", "right_door"),
    entry(2, "right_door", "left_door"),
    entry(3, "hood"),
)


def test_a_mirror_swaps_paired_ids_and_leaves_the_others() -> None:
    assert taxonomy(*DOORS).flip_ids() == (0, 2, 1, 3)


def test_the_json_form_reads_back_as_the_same_taxonomy() -> None:
    form = taxonomy(*DOORS, licence="CC0-1.0", commercial="yes")

    assert Taxonomy.from_dict(json.loads(form.to_json())) == form
    assert form.to_dict()["void_id"] == 255


@pytest.mark.parametrize(
    ("classes", "more", "sentence"),
    [
        ((), {}, "has no class"),
        ((entry(0, "a"), entry(2, "b")), {}, r"0\.\.1 in order without a gap"),
        ((entry(1, "b"), entry(0, "a")), {}, r"got \[1, 0\]"),
        ((entry(0, "a"), entry(1, "a")), {}, "name used twice: a"),
        ((entry(0, "a"), entry(1, "b", rgb=(0, 0, 3))), {}, "rgb used twice"),
        ((entry(0, "a", "c"),), {}, "'a' flips with 'c'"),
        ((entry(0, "a", "b"), entry(1, "b")), {}, "flips back"),
        ((entry(0, "a"),), {"commercial": "maybe"}, "got 'maybe'"),
        ((entry(0, "a"),), {"background_id": 4}, "got 4"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_impossible_taxonomy_is_refused_with_its_rule(
    classes: tuple[SegmentationClass, ...], more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        taxonomy(*classes, **more)


def test_the_void_id_and_colours_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="255 is reserved for void"):
        entry(255, "x", rgb=(0, 0, 0))
    with pytest.raises(ValueError, match=r"got \(0, 0, 256\) for 'x'"):
        entry(1, "x", rgb=(0, 0, 256))
