"""The page's summary of the data audit."""

from __future__ import annotations

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_text import count, percent
from components.evaluation_report.report_facts import Document, ReportFacts


def audit_section(facts: ReportFacts) -> Html:
    """Returns the audit's verdict, the splits and what was found."""
    audit = facts.audit
    if audit is None:
        return tag("p", "There is no audit of the data.", class_="soft")
    blessed = bool(audit.get("blessed"))
    state = tag(
        "b", "blessed" if blessed else "refused", class_="good" if blessed else "bad"
    )
    reasons = [tag("li", str(reason)) for reason in audit.get("reasons", [])]
    licence = (
        f" Licence of the data: {facts.taxonomy.get('licence', 'unknown')}; commercial"
        f" use: {facts.taxonomy.get('commercial', 'unknown')}."
    )
    return join(
        tag("p", "The data is ", state, ".", licence),
        tag("ul", *reasons) if reasons else "",
        _splits(audit, facts.classes.names),
        _findings(audit),
    )


def _splits(audit: Document, names: tuple[str, ...]) -> Html:
    """Returns examples and class shares by split: a shift between them shows here."""
    rows = []
    for split, numbers in audit.get("splits", {}).items():
        pixels = numbers.get("class_pixels", {})
        total = sum(pixels.values())
        shares = [
            f"{name} {percent(pixels.get(name, 0) / total)}" for name in names if total
        ]
        counts = [count(numbers.get(key)) for key in ("examples", "groups")]
        rows.append([split, *counts, ", ".join(shares)])
    return table(
        ["split", "photos#", "groups#", "share of labelled pixels"],
        rows,
        caption="Splits of the data",
    )


def _findings(audit: Document) -> Html:
    rows = [
        [rule.replace("_", " "), count(number)]
        for rule, number in audit.get("finding_counts", {}).items()
    ]
    if not rows:
        return tag("p", "The audit found nothing to look at.", class_="soft")
    return table(["finding", "count#"], rows, caption="Findings of the audit")
