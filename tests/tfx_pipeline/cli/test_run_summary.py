"""What a terminal shows of a finished run."""

from __future__ import annotations

from typing import Any

import pytest

from tfx_pipeline.cli.run_summary import describe

FIGURES = {
    "miou": 0.25,
    "foreground_miou": None,
    "pixel_accuracy": 0.5,
    "all_background_accuracy": 0.75,
    "iou/car": 0.125,
}
BLESSED: dict[str, Any] = {
    "candidate": "",
    "blessed": True,
    "reasons": [],
    "figures": FIGURES,
    "report": "R/report.html",
    "verdict": "V/verdict.txt",
    "training": "T",
    "packaged_model": "P",
    "pushed_model": "S/7",
    "pushed": {"pushed": True, "reasons": [], "sentence": "pushed as version 7"},
}
REFUSED = BLESSED | {
    "candidate": "deeplab",
    "blessed": False,
    "reasons": ["It says nothing."],
    "packaged_model": None,
    "pushed_model": None,
    "pushed": {"pushed": False, "reasons": ["the packager refused the model"]},
}


def shown(*models: dict[str, Any]) -> str:
    split = {"examples": 3, "groups": 2}
    return describe(
        {
            "stages": [{"node": "Trainer", "state": "DONE", "seconds": 1.5}],
            "data": {"blessed": True, "reasons": [], "splits": {"test": split}},
            "models": list(models),
            "audit": "A/audit.html",
            "log": "carseg.log",
        }
    )


def test_a_pushed_model_is_shown_with_its_numbers_and_places() -> None:
    lines = shown(BLESSED).splitlines()

    assert "model blessed" in lines
    (numbers,) = [line for line in lines if line.startswith("  test mIoU")]
    assert "test mIoU 0.250, foreground mIoU unknown" in numbers
    assert "0.500 (all background would have 0.750)" in numbers
    assert "  IoU: car 0.125" in lines
    assert "  pushed:   S/7" in lines
    assert "  pushed as version 7" in lines


def test_who_approved_a_pushed_model_is_shown_in_one_line() -> None:
    approval = {"approved_by": "Kim", "reason": "seen\nthe report"}
    pushed = BLESSED["pushed"] | {"approval": approval}

    lines = shown(BLESSED | {"pushed": pushed}).splitlines()

    place = lines.index("  pushed as version 7")
    assert lines[place + 1] == "  approved by Kim: seen the report"
    asked_nobody = BLESSED["pushed"] | {"approval": None}
    assert "approved" not in shown(BLESSED | {"pushed": asked_nobody})


def test_a_refused_model_is_shown_with_its_reasons_and_without_places() -> None:
    text = shown(REFUSED)

    assert "model deeplab REFUSED\n  - It says nothing.\n" in text
    assert "  verdict:  V/verdict.txt" in text
    assert "pushed" not in text and "packaged" not in text


@pytest.mark.parametrize("until", ["package", "refused data"])
def test_a_run_that_ended_before_the_push_is_shown_too(until: str) -> None:
    packaged = BLESSED | {"pushed": None, "pushed_model": None}
    text = shown(*[packaged] if until == "package" else [])

    assert "pushed" not in text
    assert ("packaged: P" in text) == (until == "package")
