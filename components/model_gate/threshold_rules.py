"""Judges a user's thresholds: values, and change against the last blessed model."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from components.model_gate.measurements import (
    WHOLE,
    Baseline,
    Numbers,
    SliceKey,
    describe_slice,
    number_name,
)
from components.model_gate.rule_result import RuleResult
from components.model_gate.thresholds import (
    ANY,
    ChangeThreshold,
    GateThresholds,
    ValueThreshold,
)

_ROUNDING = 1e-9  # an equal model must pass whatever the order of its sums


def judge_thresholds(
    candidate: Numbers,
    baseline: Baseline,
    thresholds: GateThresholds,
    class_names: Sequence[str],
) -> list[RuleResult]:
    """Returns a result per threshold, class and slice, and one on the baseline."""
    results = [
        result
        for threshold in thresholds.values
        for name, key in _spread(threshold, candidate, class_names)
        for result in _judge_value(threshold, name, key, candidate)
    ]
    if baseline.reason:
        results.append(
            RuleResult(rule="baseline", passed=None, sentence=baseline.reason)
        )
    if baseline.numbers is None:
        return results
    return results + [
        _judge_change(threshold, name, key, candidate, baseline.numbers)
        for threshold in thresholds.changes
        for name, key in _spread(threshold, candidate, class_names)
    ]


def _spread(
    threshold: ValueThreshold | ChangeThreshold,
    candidate: Numbers,
    class_names: Sequence[str],
) -> Iterator[tuple[str, SliceKey]]:
    """Yields (number, slice) that a threshold speaks of."""
    classes = class_names if threshold.class_name == ANY else [threshold.class_name]
    for key in _slices(threshold, candidate):
        for class_name in classes:
            yield number_name(threshold.metric, class_name), key


def _slices(
    threshold: ValueThreshold | ChangeThreshold, candidate: Numbers
) -> list[SliceKey]:
    wanted = tuple(sorted(threshold.slice.items()))
    if ANY not in threshold.slice.values():
        return [wanted]
    found = [key for key in sorted(candidate) if _matches(key, wanted)]
    return found or [wanted]


def _matches(key: SliceKey, wanted: SliceKey) -> bool:
    if [name for name, _ in key] != [name for name, _ in wanted]:
        return False
    pairs = zip(key, wanted, strict=True)
    return all(asked in (ANY, value) for (_, value), (_, asked) in pairs)


def _judge_value(
    threshold: ValueThreshold, name: str, key: SliceKey, candidate: Numbers
) -> Iterator[RuleResult]:
    unjudged = _absent_slice("value", name, key, candidate) or _unjudged(
        "value", name, key, candidate, "the model"
    )
    if unjudged:
        yield unjudged
        return
    number = candidate[key][name]
    for bound, word, passed in (
        (threshold.at_least, "at least", number >= (threshold.at_least or 0)),
        (threshold.at_most, "at most", number <= (threshold.at_most or 0)),
    ):
        if bound is None:
            continue
        yield RuleResult(
            rule="value",
            passed=passed,
            sentence=f"{name} on {describe_slice(key)} is {number:.4f},"
            f" {'as wanted' if passed else 'but wanted is'} {word} {bound:g}.",
            number=number,
            bound=bound,
            metric=name,
            slice=key,
        )


def _judge_change(
    threshold: ChangeThreshold,
    name: str,
    key: SliceKey,
    candidate: Numbers,
    baseline: Numbers,
) -> RuleResult:
    unjudged = (
        _absent_slice("change", name, key, candidate)
        or _unjudged("change", name, key, candidate, "the model")
        or _unjudged("change", name, key, baseline, "the last blessed model")
    )
    if unjudged:
        return unjudged
    number, before = candidate[key][name], baseline[key][name]
    bound = before - threshold.margin
    passed = number >= bound - _ROUNDING
    change = _change_words(number - before, threshold.margin, passed)
    return RuleResult(
        rule="change",
        passed=passed,
        sentence=f"{name} on {describe_slice(key)} is {number:.4f}, of the last blessed"
        f" model {before:.4f}: {change}",
        number=number,
        bound=bound,
        metric=name,
        slice=key,
    )


def _change_words(change: float, margin: float, passed: bool) -> str:
    if margin < 0:
        wanted = f"at least {-margin:g} better is wanted"
        return f"{change:+.4f}, {'and' if passed else 'but'} {wanted}."
    if passed:
        return f"{change:+.4f}, within the margin of {margin:g}."
    return f"worse by {-change:.4f}, allowed is {margin:g}."


def _absent_slice(
    rule: str, name: str, key: SliceKey, candidate: Numbers
) -> RuleResult | None:
    """Refuses a slice that nothing was measured on, unless only change is asked."""
    if key in candidate:
        return None
    features = [feature for feature, _ in key]
    sliced_by = sorted({tuple(part for part, _ in one) for one in candidate if one})
    sentence = f"{name} was wanted on {describe_slice(key)}, but "
    if tuple(features) in sliced_by:
        passed = None if rule == "change" else False
        sentence += "no test photo is of them."
    else:
        passed = False
        words = ", ".join(" with ".join(names) for names in sliced_by) or "nothing"
        sentence += (
            f"the evaluation slices by {words}. Correct the threshold or the slices."
        )
    return RuleResult(
        rule=rule, passed=passed, sentence=sentence, metric=name, slice=key
    )


def _unjudged(
    rule: str, name: str, key: SliceKey, numbers: Numbers, whose: str
) -> RuleResult | None:
    """Says why a number cannot be judged; a name that nobody knows refuses."""
    known = numbers.get(WHOLE, {})
    if name not in known:
        sentence = (
            f"There is no number {name!r} of {whose}; there are"
            f" {', '.join(sorted(known)) or 'none'}. Correct the threshold."
        )
        return RuleResult(
            rule=rule, passed=False, sentence=sentence, metric=name, slice=key
        )
    if key not in numbers:
        sentence = (
            f"{name} of {whose} was not judged on {describe_slice(key)}: it was not"
            " measured there."
        )
    elif math.isnan(numbers[key].get(name, math.nan)):
        sentence = (
            f"{name} of {whose} was not judged on {describe_slice(key)}: it has no"
            " value there, for the class is in neither truth nor prediction."
        )
    else:
        return None
    return RuleResult(rule=rule, passed=None, sentence=sentence, metric=name, slice=key)
