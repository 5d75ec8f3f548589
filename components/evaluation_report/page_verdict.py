"""The top of the page: whether the model may go live, with every reason."""

from __future__ import annotations

from collections.abc import Sequence

from components.evaluation_report.decisions import Decision, is_blessed
from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_text import count, plain
from components.evaluation_report.report_facts import ReportFacts

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
        _approval(facts),
        *(tag("p", note, class_="warn") for note in facts.notes),
        _rules(facts),
        id="verdict",
        class_="verdict good" if blessed else "verdict bad",
        aria_labelledby="verdict-title",
    )


def _approval(facts: ReportFacts) -> Html:
    if facts.approval is None or not facts.approval["approved"]:
        return Html("")
    who, why = facts.approval["approved_by"], facts.approval["reason"]
    return tag("p", f"Approved by {who}: {why}")


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
        tag("summary", f"The gate's rules: {len(rows)}"),
        table(
            ["state", "rule", "what was found", "number#", "bound#"],
            rows,
            caption="What each rule of the gate found",
        ),
    )


def _state(words: tuple[str, str | None]) -> Html:
    return tag("b", words[0], class_=words[1])
