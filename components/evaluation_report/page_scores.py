"""The page's scores of the whole split that others report."""

from __future__ import annotations

from components.evaluation_report.markup import Html, table, tag
from components.evaluation_report.number_cells import number_cell
from components.evaluation_report.report_facts import ReportFacts
from components.evaluation_report.split_scores import known_scores


def scores_section(facts: ReportFacts) -> Html:
    """Returns a row per score, with its interval and what it tells."""
    rows = [
        [entry.title, number_cell(facts, entry.name), entry.meaning]
        for entry in known_scores(facts.whole)
    ]
    if not rows:
        return tag("p", "The evaluation holds none of these scores.", class_="soft")
    return table(
        ["score", "value#", "what it tells"],
        rows,
        caption="Scores of the whole split",
    )
