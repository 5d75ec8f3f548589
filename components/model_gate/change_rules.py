"""Judges the change against the live model by a paired bootstrap.

A model passes where even the worse end of the interval is within the margin: the low
end, and of numbers that count errors the high one.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.model_gate.intervals import paired_interval
from components.model_gate.measurements import (
    Baseline,
    Measured,
    SliceKey,
    describe_slice,
)
from components.model_gate.rule_result import RuleResult
from components.model_gate.threshold_reach import (
    absent_slice,
    no_class,
    spread,
    too_few_groups,
    unjudged,
)
from components.model_gate.thresholds import ChangeThreshold, GateThresholds
from components.segmentation_metrics.bootstrap import Interval
from components.segmentation_metrics.number_kinds import Better, kind_of

_ROUNDING = 1e-6  # an equal model must pass whatever the order of its sums


def judge_changes(
    candidate: Measured,
    baseline: Baseline,
    thresholds: GateThresholds,
    class_names: Sequence[str],
) -> list[RuleResult]:
    """Returns a result per threshold, class and slice, and one on the baseline."""
    results = []
    if baseline.reason:
        results.append(
            RuleResult(rule="baseline", passed=None, sentence=baseline.reason)
        )
    if baseline.measured is None:
        return results
    return results + [
        _judge(
            threshold,
            name,
            key,
            candidate=candidate,
            before=baseline.measured,
            min_groups=thresholds.min_groups,
        )
        for threshold in thresholds.changes
        for name, key in spread(threshold, candidate.numbers, class_names)
    ]


def _judge(
    threshold: ChangeThreshold,
    name: str,
    key: SliceKey,
    *,
    candidate: Measured,
    before: Measured,
    min_groups: int,
) -> RuleResult:
    not_judged = (
        no_class("change", name, candidate.numbers)
        or absent_slice("change", name, key, candidate.numbers)
        or unjudged("change", name, key, candidate.numbers, "the model")
        or unjudged("change", name, key, before.numbers, "the live model")
        or too_few_groups("change", name, key, candidate, min_groups)
    )
    if not_judged:
        return not_judged
    number, number_before = candidate.numbers[key][name], before.numbers[key][name]
    change = number - number_before
    known = paired_interval(candidate, before, name, key)
    sign = -1.0 if _is_error(name) else 1.0
    passed = _least_gain(change, known, sign) >= -threshold.margin - _ROUNDING
    return RuleResult(
        rule="change",
        passed=passed,
        sentence=f"{name} on {describe_slice(key)} is {number:.4f}, of the live"
        f" model {number_before:.4f}{' (lower is better)' if sign < 0 else ''}: "
        + _change_words(change, known, sign, threshold.margin, passed),
        number=number,
        bound=number_before - sign * threshold.margin,
        reference=number_before,
        metric=name,
        slice=key,
        change=change,
        interval=known,
        groups=candidate.groups_of(name, key),
    )


def _is_error(name: str) -> bool:
    kind = kind_of(name)
    return kind is not None and kind.better is Better.LOWER


def _least_gain(change: float, known: Interval | None, sign: float) -> float:
    """Returns how much better the model is at least, below 0 for worse."""
    if known is None:
        return sign * change
    return known.low if sign > 0 else -known.high


def _change_words(
    change: float, known: Interval | None, sign: float, margin: float, passed: bool
) -> str:
    by = f"{change:+.4f}"
    if known:
        by += f" (95 % interval {known.low:+.4f} to {known.high:+.4f})"
    if margin < 0:
        wanted = f"at least {-margin:g} better is wanted"
        return f"{by}, {'and' if passed else 'but'} {wanted}."
    if passed:
        return f"{by}, within the margin of {margin:g}."
    if sign * change >= -margin and known:
        worst = -_least_gain(change, known, sign)
        return (
            f"{by}, so it may be worse by {worst:.4f}, allowed is {margin:g}. More"
            " groups of test photos would tell."
        )
    return f"{by}, worse by {-sign * change:.4f}, allowed is {margin:g}."
