"""The page's summary of package and serving check."""

from __future__ import annotations

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.named_numbers import named_numbers
from components.evaluation_report.number_text import plain
from components.evaluation_report.report_facts import ReportFacts


def serving_section(facts: ReportFacts) -> Html:
    """Returns what the check measured with a real server, or why there is none."""
    if facts.validation is None:
        why = (
            "the model was not packaged"
            if facts.package is None
            else "the pipeline has no such node, or it did not run"
        )
        return tag("p", f"Not tried on a server: {why}.", class_="soft")
    blessed = bool(facts.validation.get("blessed"))
    state = tag(
        "b", "passed" if blessed else "refused", class_="good" if blessed else "bad"
    )
    reasons = [tag("li", str(entry)) for entry in facts.validation.get("reasons", [])]
    rows = [
        [name.removeprefix("figures.").replace("_", " "), plain(value)]
        for name, value in named_numbers(facts.validation).items()
    ]
    return join(
        tag("p", "The packaged model on a real server: ", state, "."),
        tag("ul", *reasons) if reasons else "",
        table(["measured", "value#"], rows, caption="Figures of the serving check")
        if rows
        else "",
    )
