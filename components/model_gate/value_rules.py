"""Judges bounds on the candidate's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from components.model_gate.intervals import number_interval
from components.model_gate.measurements import Measured, SliceKey, describe_slice
from components.model_gate.rule_result import RuleResult
from components.model_gate.threshold_reach import (
    absent_slice,
    no_class,
    spread,
    too_few_groups,
    unjudged,
)
from components.model_gate.thresholds import GateThresholds, ValueThreshold
from components.segmentation_metrics.bootstrap import Interval


def judge_values(
    candidate: Measured, thresholds: GateThresholds, class_names: Sequence[str]
) -> list[RuleResult]:
    """Returns a result per threshold, class, slice and bound."""
    return [
        result
        for threshold in thresholds.values
        for name, key in spread(threshold, candidate.numbers, class_names)
        for result in _judge(threshold, name, key, candidate, thresholds.min_groups)
    ]


def _judge(
    threshold: ValueThreshold,
    name: str,
    key: SliceKey,
    candidate: Measured,
    min_groups: int,
) -> Iterator[RuleResult]:
    not_judged = (
        no_class("value", name, candidate.numbers)
        or absent_slice("value", name, key, candidate.numbers)
        or unjudged("value", name, key, candidate.numbers, "the model")
        or too_few_groups("value", name, key, candidate, min_groups)
    )
    if not_judged:
        yield not_judged
        return
    number = candidate.numbers[key][name]
    known = number_interval(candidate, name, key)
    for bound, word, passed in (
        (threshold.at_least, "at least", number >= (threshold.at_least or 0)),
        (threshold.at_most, "at most", number <= (threshold.at_most or 0)),
    ):
        if bound is None:
            continue
        yield RuleResult(
            rule="value",
            passed=passed,
            sentence=f"{name} on {describe_slice(key)} is {number:.4f}{_words(known)},"
            f" {'as wanted' if passed else 'but wanted is'} {word} {bound:g}.",
            number=number,
            bound=bound,
            metric=name,
            slice=key,
            interval=known,
            groups=candidate.groups_of(name, key),
        )


def _words(known: Interval | None) -> str:
    return f" (95 % interval {known.low:.4f} to {known.high:.4f})" if known else ""
