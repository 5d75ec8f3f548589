import json
import math

from components.model_gate.rule_result import RuleResult
from components.model_gate.verdict import Verdict

PASSED = RuleResult(rule="value", passed=True, sentence="Good.", number=0.9, bound=0.5)
REFUSED = RuleResult(
    rule="change", passed=False, sentence="Worse.", metric="iou/car", number=math.nan
)
UNJUDGED = RuleResult(
    rule="baseline", passed=None, sentence="First.", slice=(("view", "front"),)
)


def test_one_refusal_refuses_and_is_listed_first():
    verdict = Verdict("car", [PASSED, UNJUDGED, REFUSED])
    assert not verdict.blessed and verdict.reasons == ["Worse."]
    assert verdict.to_text() == (
        "NOT BLESSED: the car model (1 passed, 1 REFUSED, 1 not judged)\n"
        "\n"
        "   REFUSED  change: Worse.\n"
        "    passed  value: Good.\n"
        "not judged  baseline: First.\n"
    )


def test_what_was_not_judged_refuses_nobody():
    assert Verdict("car", [PASSED, UNJUDGED]).blessed


def test_the_json_form_is_strict_json_with_every_rule():
    text = json.dumps(Verdict("car", [REFUSED, UNJUDGED]).to_dict(), allow_nan=False)
    assert json.loads(text)["min_groups"] == 10
    rules = json.loads(text)["rules"]
    assert rules[0] == {
        "rule": "change",
        "metric": "iou/car",
        "slice": {},
        "number": None,
        "bound": None,
        "reference": None,
        "change": None,
        "interval": None,
        "groups": None,
        "passed": False,
        "sentence": "Worse.",
    }
    assert rules[1]["slice"] == {"view": "front"} and rules[1]["passed"] is None
