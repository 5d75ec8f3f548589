"""Numbers with their intervals, as a cell of the page holds them."""

from __future__ import annotations

from components.evaluation_report.markup import Html, join, tag
from components.evaluation_report.number_intervals import Change, is_on_few
from components.evaluation_report.number_text import (
    NOTHING,
    between,
    count,
    percent,
    score,
    signed,
)
from components.evaluation_report.report_facts import ReportFacts
from components.model_gate.intervals import number_interval
from components.model_gate.measurements import WHOLE, SliceKey
from components.segmentation_metrics.bootstrap import Interval


def number_cell(
    facts: ReportFacts, name: str, key: SliceKey = WHOLE, *, is_percent: bool = False
) -> Html:
    """Returns a number of the candidate with its interval.

    Where the evaluation drew no intervals at all, the number stands alone.
    """
    value = facts.measured.numbers.get(key, {}).get(name)
    text = percent(value) if is_percent else score(value)
    if text == NOTHING or not facts.measured.replicates:
        return join(text)
    known = number_interval(facts.measured, name, key)
    return with_interval(text, known, is_percent=is_percent)


def with_interval(
    text: str, interval: Interval | None, *, is_percent: bool = False
) -> Html:
    """Returns a number with its interval in small, a dash where it is not known."""
    return join(text, " ", tag("small", between(interval, is_percent=is_percent)))


def change_cell(change: Change | None) -> Html:
    """Returns a difference with its interval, a dash where there is none."""
    if change is None:
        return join(NOTHING)
    ends = between(change.interval, with_sign=True)
    return join(signed(change.difference), " ", tag("small", ends))


def groups_cell(facts: ReportFacts, groups: float | None) -> Html:
    """Returns a number of groups, marked where it is small."""
    if groups is None or not is_on_few(groups, facts.min_groups):
        return join(count(groups))
    return join(count(groups), " ", tag("small", "few groups", class_="warn"))


def interval_words(facts: ReportFacts) -> Html:
    """Returns a sentence on what stands beside the numbers."""
    if not facts.measured.replicates:
        words = (
            "The evaluation drew no intervals; evaluate.bootstrap_replicates says how"
            " often it redraws the test photos."
        )
    else:
        words = (
            "In small: the 95 % interval, from redrawing whole groups of test photos"
            " (a group is one car, case or scene). One without width says only that"
            " redrawing changes nothing. A dash: not known. Few groups: fewer"
            f" than {facts.min_groups}, so other photos may give quite another number."
        )
    return tag("p", words, class_="soft")
