"""What a threshold speaks of: numbers on slices, and why one cannot be judged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from components.model_gate.measurements import (
    WHOLE,
    Measured,
    Numbers,
    SliceKey,
    describe_slice,
    number_name,
)
from components.model_gate.rule_result import RuleResult
from components.model_gate.thresholds import ANY, ChangeThreshold, ValueThreshold


def spread(
    threshold: ValueThreshold | ChangeThreshold,
    candidate: Numbers,
    class_names: Sequence[str],
) -> Iterator[tuple[str, SliceKey]]:
    """Yields (number, slice) that a threshold speaks of.

    `*` stands for the classes that have the number: there are no objects of the
    background. Where none has it, it yields the name with the star.
    """
    classes: Sequence[str | None] = [threshold.class_name]
    if threshold.class_name == ANY:
        known = candidate.get(WHOLE, {})
        classes = [
            class_name
            for class_name in class_names
            if number_name(threshold.metric, class_name) in known
        ] or [ANY]
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


def no_class(rule: str, name: str, candidate: Numbers) -> RuleResult | None:
    """Refuses a star that stands for no class."""
    metric, slash, class_name = name.rpartition("/")
    if not slash or class_name != ANY:
        return None
    by_class = sorted(
        {known.partition("/")[0] for known in candidate.get(WHOLE, {}) if "/" in known}
    )
    sentence = (
        f"{metric} was wanted of every class, but no class has such a number; by class"
        f" there are {', '.join(by_class) or 'none'}. Correct the threshold."
    )
    return RuleResult(rule=rule, passed=False, sentence=sentence, metric=name)


def absent_slice(
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


def unjudged(
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


def too_few_groups(
    rule: str, name: str, key: SliceKey, measured: Measured, least: int
) -> RuleResult | None:
    """Reports a number of a class or slice that stands on too few groups to judge.

    What stands on the whole split is judged whatever its size.
    """
    groups = measured.groups_of(name, key)
    has_own = f"groups/{name}" in measured.numbers[key]
    of_all = key == WHOLE and "/" not in name and not has_own
    if of_all or math.isnan(groups) or groups >= least:
        return None
    number = measured.numbers[key][name]
    return RuleResult(
        rule=rule,
        passed=None,
        sentence=f"{name} on {describe_slice(key)} is {number:.4f}; it was not judged,"
        f" for it stands on {groups:.0f} {'group' if groups == 1 else 'groups'} of"
        f" photos, and {least} are wanted.",
        number=number,
        metric=name,
        slice=key,
        groups=groups,
    )
