"""Classes, pairs, objects and lists of a dataset, as lines of text."""

from __future__ import annotations

import doctest

from tfx_pipeline.cli import dataset_facts
from tfx_pipeline.cli.dataset_facts import fact_lines, side_pairs


def test_every_fact_has_its_line() -> None:
    summary = {
        "classes": ["hood", "left_door", "right_door"],
        "side_pairs": [["left_door", "right_door"]],
        "instances": {"car": {}, "parts": {"hood": 2, "left_door": 1}, "damage": {}},
        "drawn_on": {"upright": 4, "stored": 3, "undecided": 2},
        "lists": {"landscapes": {"files": 6, "list": "/out/landscapes.json"}},
    }

    assert list(fact_lines(summary)) == [
        "classes:    hood, left_door, right_door",
        "side pairs: left_door / right_door",
        "instances:  parts: hood 2, left_door 1",
        "drawn on:   upright photo 4, stored pixels 3, undecided (taken as upright) 2",
        "landscapes: 6, listed in /out/landscapes.json",
    ]


def test_classes_without_sides_make_no_pair() -> None:
    assert side_pairs({"classes": [{"name": "hood"}, {"name": "trunk"}]}) == []


def test_the_docstrings_example_runs() -> None:
    assert doctest.testmod(dataset_facts) == (0, 3)
