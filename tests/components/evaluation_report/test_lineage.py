"""What a run adds to the lineage that the pipeline was compiled with."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.integration

COMPILED = json.dumps({"builder": "squares", "config": {"data": {"task": "car"}}})


def test_the_runs_own_values_join_the_lineage() -> None:
    from components.evaluation_report.executor import read_lineage

    lineage = read_lineage(
        {
            "lineage": COMPILED,
            "content_fingerprint": "5f1c",
            "dataset": "squares/small",
            "steps": 0,  # the configuration's own
        }
    )

    assert lineage == json.loads(COMPILED) | {
        "content_fingerprint": "5f1c",
        "dataset": "squares/small",
    }


def test_without_them_it_is_as_it_was_compiled() -> None:
    from components.evaluation_report.executor import read_lineage

    assert read_lineage({"lineage": COMPILED}) == json.loads(COMPILED)
