"""The top of the page: may the model go live, why not, and the numbers that count."""

from __future__ import annotations

import math
from collections.abc import Sequence

from components.evaluation_report.decisions import Decision, is_blessed
from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_text import count, percent, plain, score
from components.evaluation_report.report_facts import ReportFacts
from components.model_gate.measurements import WHOLE

_STATES = {True: ("passed", "good"), False: ("REFUSED", "bad"), None: ("not run", None)}
_RULE_STATES = _STATES | {None: ("not judged", None)}


def verdict_section(facts: ReportFacts, decisions: Sequence[Decision]) -> Html:
    """Returns verdict, reasons, who decided what, and the gate's rules."""
    blessed = is_blessed(decisions)
    reasons = [reason for entry in decisions for reason in entry.reasons]
    refusals = "reason" if len(reasons) == 1 else "reasons"
    title = (
        "Blessed: the model may go live"
        if blessed
        else f"Refused for {len(reasons)} {refusals}"
    )
    chips = [
        tag("span", f"{entry.who}: ", _state(_STATES[entry.passed]), class_="chip")
        for entry in decisions
    ]
    listed = tag("ul", *(tag("li", reason) for reason in reasons)) if reasons else ""
    return tag(
        "section",
        tag("h1", title, id="verdict-title"),
        tag("p", _about(facts), class_="soft"),
        listed,
        tag("p", *chips),
        *(tag("p", note, class_="warn") for note in facts.notes),
        _rules(facts),
        id="verdict",
        class_="verdict good" if blessed else "verdict bad",
        aria_labelledby="verdict-title",
    )


def headline(facts: ReportFacts) -> Html:
    """Returns the cards of the headline numbers, with the last blessed model's."""
    whole = facts.whole
    background = whole.get("all_background_accuracy")
    beside = f"all background would have {percent(background)}"
    cards = [
        _card(
            "foreground mIoU",
            score(whole.get("foreground_miou")),
            "without background",
            _change(facts, "foreground_miou"),
        ),
        _card(
            "mIoU", score(whole.get("miou")), "with background", _change(facts, "miou")
        ),
        _card(
            "pixel accuracy",
            percent(whole.get("pixel_accuracy")),
            beside,
            _change(facts, "pixel_accuracy"),
        ),
        _card("test photos", count(whole.get("examples")), "never seen in training"),
    ]
    return tag("div", *cards, class_="headline")


def _about(facts: ReportFacts) -> str:
    return (
        f"Task {facts.task} of {facts.taxonomy.get('dataset', 'unknown data')},"
        f" {count(facts.whole.get('examples'))} test photos,"
        f" {len(facts.classes.names)} classes"
    )


def _rules(facts: ReportFacts) -> Html:
    rules = facts.verdict.get("rules", [])
    rows = [
        [
            join(_state(_RULE_STATES[rule.get("passed")])),
            str(rule.get("rule", "")),
            str(rule.get("sentence", "")),
            plain(rule.get("number")),
            plain(rule.get("bound")),
        ]
        for rule in rules
    ]
    if not rows:
        return Html("")
    return tag(
        "details",
        tag("summary", f"All {len(rows)} rules of the gate"),
        table(["state", "rule", "what was found", "number#", "bound#"], rows),
    )


def _state(words: tuple[str, str | None]) -> Html:
    return tag("b", words[0], class_=words[1])


def _card(name: str, value: str, beside: str, change: str = "") -> Html:
    lines = [tag("span", line, class_="soft") for line in (beside, change) if line]
    return tag("div", tag("span", name), tag("b", value), *lines, class_="figure")


def _change(facts: ReportFacts, name: str) -> str:
    before, now = facts.baseline.get(WHOLE, {}).get(name), facts.whole.get(name)
    if before is None or now is None or math.isnan(now - before):
        return ""
    return f"{now - before:+.3f} against the model blessed last"
