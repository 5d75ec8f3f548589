"""What may be compared at all, and the comparison as rows and as JSON."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

from components.run_comparison.comparison import Comparison
from components.run_comparison.comparison_json import describe_comparison
from components.run_comparison.differences import difference
from components.run_comparison.disputed_photo import Dispute, DisputedPhoto
from components.run_comparison.model_rows import model_rows, quality_rows
from tests.components.run_comparison.made_models import (
    PHOTOS,
    hard_photos,
    make_model,
    one_more,
)

FIRST = make_model("a", hard_photos)
WORSE = make_model("b", one_more, refused_by="gate", reasons=("It is worse.",))


def test_one_model_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="needs 2 models or more, got 1; name more"):
        Comparison(models=[FIRST])


def test_a_name_stands_for_one_model() -> None:
    with pytest.raises(ValueError, match="its own name, got a, a; name every run once"):
        Comparison(models=[FIRST, FIRST])


def test_every_model_must_have_seen_the_photos_of_the_first() -> None:
    less = make_model("c", one_more, photos=list(PHOTOS)[:-2])

    with pytest.raises(
        ValueError, match=r"a and c must .* photos, got 48 and 46; comp"
    ):
        Comparison(models=[FIRST, WORSE, less])


def test_the_rows_stand_as_named_with_what_the_difference_shows() -> None:
    comparison = Comparison(models=[WORSE, FIRST])
    found = difference(FIRST, WORSE, "miou")
    assert found.interval is not None

    first, second = quality_rows(comparison)

    assert first[0] == "b"
    assert first[4:] == ["-", "-", "the first"]
    assert second[0] == "a"
    assert second[1] == f"{FIRST.number('miou'):.3f}"
    assert second[4] == f"{found.change:+.4f}"
    assert second[5] == f"{found.interval.low:+.4f} to {found.interval.high:+.4f}"
    assert second[6] == "better"


def test_what_is_not_known_of_a_model_is_a_dash() -> None:
    bare = dataclasses.replace(
        WORSE, made="", network="", parameters=None, figures={}, is_judged=False
    )
    bare = dataclasses.replace(bare, refused_by=None, reasons=())

    rows = model_rows(Comparison(models=[FIRST, bare]))

    assert rows == [
        ["a", "2026-11-21 08:15", "unet", "1,234,567", "12.2", "20.5", "blessed"],
        ["b", "-", "-", "-", "-", "-", "not judged"],
    ]


def test_the_json_form_has_every_number_and_no_nan() -> None:
    photo = DisputedPhoto(
        example_id="photo 1",
        dispute=Dispute(share=0.25, right=(0.75, 0.0)),
        width_px=1,
        height_px=1,
        photo="",
        truth="",
        masks=("", ""),
        disputed="",
    )
    old = dataclasses.replace(
        WORSE, test=dataclasses.replace(WORSE.test, groups=math.nan)
    )
    comparison = Comparison(
        models=[FIRST, old], photos=[photo], photos_asked=48, notes=["Look."]
    )

    described = json.loads(json.dumps(describe_comparison(comparison), allow_nan=False))

    first, second = described["models"]
    assert (described["task"], described["examples"], described["groups"]) == (
        *("car", 48.0),
        24.0,
    )
    assert first["metrics"]["iou/car"]["value"] == FIRST.number("iou/car")
    assert first["metrics"]["miou"]["against_first"] is None
    assert second["metrics"]["miou"]["against_first"] == (
        difference(WORSE, FIRST, "miou").to_dict()
    )
    assert {tuple(entry["slice"].items()) for entry in second["slices"]} == {
        (("view", "front"),),
        (("view", "rear"),),
    }
    assert (second["verdict"], second["reasons"]) == (
        "refused by the gate",
        ["It is worse."],
    )
    assert described["photos"] == [
        {"example_id": "photo 1", "disputed": 0.25, "right": {"a": 0.75, "b": 0.0}}
    ]
    assert (described["photos_asked"], described["notes"]) == (48, ["Look."])
