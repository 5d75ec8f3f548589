"""The numbers that count, each with what it must be held against."""

from __future__ import annotations

from components.evaluation_report.centre_bias import centre_bias
from components.evaluation_report.markup import Html, tag
from components.evaluation_report.number_cells import groups_cell, interval_words
from components.evaluation_report.number_intervals import number_change
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


def headline(facts: ReportFacts) -> Html:
    """Returns the cards of the headline numbers, with the live model's."""
    without, with_it, accuracy = "", "", ""
    if facts.classes.background_id is not None:
        without, with_it = "without background", "with background"
        would_have = percent(facts.whole.get("all_background_accuracy"))
        accuracy = f"all background would have {would_have}"
    cards = [
        _number_card(facts, "foreground mIoU", "foreground_miou", without),
        _number_card(facts, "mIoU", "miou", with_it),
        _number_card(
            facts, "pixel accuracy", "pixel_accuracy", accuracy, is_percent=True
        ),
        _centre_bias_card(facts),
        _photos_card(facts),
    ]
    return tag(
        "section",
        tag("div", *(card for card in cards if card), class_="headline"),
        interval_words(facts),
        _baseline_words(facts),
        aria_label="Headline numbers",
    )


def _number_card(
    facts: ReportFacts, title: str, name: str, beside: str, *, is_percent: bool = False
) -> Html:
    value = facts.whole.get(name)
    text = percent(value) if is_percent else score(value)
    small = ""
    if facts.measured.replicates and text != NOTHING:
        known = number_interval(facts.measured, name)
        small = tag("small", between(known, is_percent=is_percent))
    return _card(title, text, small, beside, _change(facts, name))


def _centre_bias_card(facts: ReportFacts) -> Html:
    """Returns how far the model is above a mask that ignores the photo.

    Cars stand in the middle of photos: such a mask may score high.
    """
    found = centre_bias(facts)
    if found is None:
        return Html("")
    return _card(
        "above centre bias",
        signed(found.difference),
        "",
        f"in foreground mIoU, over {score(found.mean_mask)}: what the best mask that"
        " ignores the photo has",
    )


def _photos_card(facts: ReportFacts) -> Html:
    groups = facts.whole.get("groups")
    known: str = ""
    if groups is not None:
        known = tag("small", "in groups: ", groups_cell(facts, groups))
    text = count(facts.whole.get("examples"))
    return _card("test photos", text, known, "never seen in training")


def _card(title: str, value: str, small: str, *lines: str) -> Html:
    beside = [tag("span", line, class_="soft") for line in lines if line]
    return tag(
        "div", tag("span", title), tag("b", value), small, *beside, class_="figure"
    )


def _change(facts: ReportFacts, name: str) -> str:
    change = number_change(facts.measured, facts.before, name) if facts.before else None
    if change is None:
        return ""
    words = f"{signed(change.difference)} against the live model"
    if change.interval is None:
        return words
    return f"{words} (95 % interval {between(change.interval, with_sign=True)})"


def _baseline_words(facts: ReportFacts) -> Html:
    """Returns what the gate says of the live model."""
    doubt = facts.rule("baseline")
    if doubt is None or not doubt.get("sentence"):
        return Html("")
    return tag("p", str(doubt["sentence"]), class_="soft")
