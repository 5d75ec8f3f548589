"""The page's calibration: whether the model's confidence can be believed."""

from __future__ import annotations

import math

import numpy as np

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_cells import number_cell
from components.evaluation_report.number_text import count, percent, plain, score
from components.evaluation_report.reliability_diagram import draw_reliability
from components.evaluation_report.report_facts import Document, ReportFacts
from components.segmentation_metrics.calibration import Reliability, reliability

_NUMBERS = {
    "ece": "calibration error (ECE)",
    "mean_confidence": "mean confidence",
    "pixel_accuracy": "pixel accuracy",
    "overconfidence": "confidence less accuracy",
}


def calibration_section(facts: ReportFacts) -> Html:
    """Returns the reliability diagram, its numbers, and the fitted temperature."""
    found = read_reliability(facts)
    if found is None:
        return tag(
            "p",
            "The evaluation holds no confidence: the model's signature gives none, or"
            " no pixel counted.",
            class_="soft",
        )
    rows = [[title, number_cell(facts, name)] for name, title in _NUMBERS.items()]
    return join(
        tag("p", _words(facts), class_="soft"),
        draw_reliability(found),
        table(["number", "value#"], rows, caption="Confidence against accuracy"),
        _bins(found),
        _temperature((facts.history or {}).get("calibration")),
    )


def read_reliability(facts: ReportFacts) -> Reliability | None:
    """Returns what the diagram draws; None where there is no confidence."""
    sums = facts.sums("calibration")
    return None if sums is None else reliability(sums)


def _words(facts: ReportFacts) -> str:
    gap = facts.whole.get("overconfidence", math.nan)
    words = (
        "A model is calibrated if, of the pixels with confidence 0.8, four fifths are"
        " right. ECE is the mean distance from that over all pixels."
    )
    if math.isnan(gap):
        return words
    if abs(gap) < 0.0005:
        return f"{words} Over all pixels this model promises as much as it keeps."
    kind = "more" if gap > 0 else "less"
    return (
        f"{words} Over all pixels this model promises {score(abs(gap))} {kind} than it"
        " keeps."
    )


def _bins(found: Reliability) -> Html:
    lower = np.append(0.0, found.upper[:-1])
    rows = [
        [f"{low:.2f} to {high:.2f}", percent(share), score(confidence), score(accuracy)]
        for low, high, share, confidence, accuracy in zip(
            lower,
            found.upper,
            found.share,
            found.confidence,
            found.accuracy,
            strict=True,
        )
    ]
    headers = ["confidence", "share of pixels#", "mean confidence#", "share right#"]
    return tag(
        "details",
        tag("summary", "The diagram in numbers"),
        table(headers, rows, caption="Pixels by confidence"),
    )


def _temperature(fitted: Document | None) -> Html:
    """Returns what the Trainer divided the logits by, and what that changed."""
    if not fitted or fitted.get("temperature") is None:
        return tag("p", "The training fitted no temperature.", class_="soft")
    ece, nll = (
        f"from {score(fitted.get(f'{name}_before'))} to"
        f" {score(fitted.get(f'{name}_after'))}"
        for name in ("ece", "nll")
    )
    return tag(
        "p",
        "The training divided the logits by the temperature"
        f" {plain(fitted['temperature'])}, fitted on {count(fitted.get('pixels'))}"
        f" pixels of the eval split: there ECE went {ece}, and the negative"
        f" log-likelihood {nll}. No mask changes by it.",
    )
