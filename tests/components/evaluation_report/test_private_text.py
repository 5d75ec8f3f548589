from __future__ import annotations

import pytest

from components.evaluation_report.private_text import hide_paths


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/kim/runs", "…/runs"),
        ("/home/kim/my cars/", "…/my cars"),
        ("~/cars", "…/cars"),
        ("file:///srv/model/1", "…/1"),
        ("no mask in /srv/a/b.png, sorry", "no mask in …/b.png, sorry"),
        ("got '/srv/my cars/a.png'; look", "got '…/a.png'; look"),
        ('root="/srv/x"', 'root="…/x"'),
        ("root=/srv/x", "root=…/x"),
        ("(/srv/x)", "(…/x)"),
        ("first /a/b then /c/d", "first …/b then …/d"),
    ],
)
def test_a_path_keeps_its_last_name(text: str, expected: str) -> None:
    assert hide_paths(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "",
        "mask/car and iou/car",
        "truth / prediction",
        "carseg_runs/demo",
        "synthetic_cars/large",
        "https://example.org/a/b",
        "gs://bucket/model",
        "1/2",
    ],
)
def test_what_is_no_place_of_the_machine_stays(text: str) -> None:
    assert hide_paths(text) == text


def test_values_of_any_depth_are_cleaned_and_others_kept() -> None:
    value = {"a": ["/x/y", {"b": "/z/w"}], "n": 1, "f": 0.5, "none": None, "yes": True}

    assert hide_paths(value) == {
        "a": ["…/y", {"b": "…/w"}],
        "n": 1,
        "f": 0.5,
        "none": None,
        "yes": True,
    }
