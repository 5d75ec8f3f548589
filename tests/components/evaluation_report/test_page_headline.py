from __future__ import annotations

import pytest

from components.evaluation_report.metrics_json import describe_metrics
from components.evaluation_report.page import render_page
from components.model_gate.measurements import Measured
from tests.components.evaluation_report.html_checks import Page
from tests.components.evaluation_report.made_facts import VERDICT, make_facts

JUDGED = VERDICT | {"rules": [{"rule": "change", "passed": True, "change": 0.1}]}


def test_the_change_against_the_live_model_is_beside_the_number() -> None:
    before = {"examples": 4.0, "miou": 0.5, "foreground_miou": float("nan")}
    facts = make_facts(live=Measured(numbers={(): before}), verdict=JUDGED)

    cards = [e.text for e in Page(render_page(facts)).all("div", class_="figure")]

    miou = facts.whole["miou"]
    assert f"{miou - 0.5:+.3f} against the live model" in cards[1]
    assert "the live model" not in cards[0]


@pytest.mark.parametrize(
    ("before", "rules"),
    [
        ({"miou": 0.5, "examples": 3.0}, []),
        ({"miou": 0.5, "examples": 4.0}, [{"rule": "baseline", "sentence": "Other."}]),
    ],
    ids=["other photos", "not judged by the gate"],
)
def test_models_that_cannot_be_compared_are_not(before, rules) -> None:
    facts = make_facts(
        live=Measured(numbers={(): before}), verdict=VERDICT | {"rules": rules}
    )

    main = Page(render_page(facts)).one("main").text

    assert "the live model" not in main
    assert "against last" not in main
    assert all(rule["sentence"] in main for rule in rules)


def test_centre_bias_is_what_is_above_the_mean_mask_without_the_margin() -> None:
    rule = {"rule": "mean_mask", "passed": True, "number": 0.71}
    rule |= {"bound": 0.42, "reference": 0.4}
    facts = make_facts(verdict=VERDICT | {"rules": [rule]})

    cards = [e.text for e in Page(render_page(facts)).all("div", class_="figure")]

    assert cards[3] == (
        "above centre bias+0.310in foreground mIoU, over 0.400: what the best mask that"
        " ignores the photo has"
    )
    assert describe_metrics(facts)["centre_bias"] == {
        "mean_mask": 0.4,
        "difference": pytest.approx(0.31),
    }
    assert "centre bias" not in Page(render_page(make_facts())).one("main").text
    assert describe_metrics(make_facts())["centre_bias"] is None
