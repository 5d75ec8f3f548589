"""The gate's verdict: may the model go live, and every reason for and against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.model_gate.rule_result import RuleResult
from components.model_gate.thresholds import MIN_GROUPS

_MARKS = {True: "passed", False: "REFUSED", None: "not judged"}


def min_groups_of(verdict: Mapping[str, Any]) -> int:
    """Returns `min_groups` of a `verdict.json`; older ones have the default.

    Example:
        >>> min_groups_of({"min_groups": 3}), min_groups_of({})
        (3, 10)
    """
    return int(verdict.get("min_groups", MIN_GROUPS))


@dataclass(frozen=True)
class Verdict:
    """All results of one model.

    Attributes:
        task: What the model segments.
        results: One per rule, in the order in which they were judged.
        min_groups: A class or slice on fewer groups of photos was not judged.
    """

    task: str
    results: Sequence[RuleResult]
    min_groups: int = MIN_GROUPS

    @property
    def blessed(self) -> bool:
        """Whether no rule refuses; a rule that was not judged refuses nobody."""
        return all(result.passed is not False for result in self.results)

    @property
    def reasons(self) -> list[str]:
        """Sentences of the rules that refuse."""
        return [entry.sentence for entry in self.results if entry.passed is False]

    def to_dict(self) -> dict[str, Any]:
        """Returns `verdict.json`."""
        return {
            "task": self.task,
            "blessed": self.blessed,
            "reasons": self.reasons,
            "min_groups": self.min_groups,
            "rules": [result.to_dict() for result in self.results],
        }

    def to_text(self) -> str:
        """Returns `verdict.txt`: the answer, then refusals, then the rest."""
        counts = {mark: 0 for mark in _MARKS.values()}
        for result in self.results:
            counts[_MARKS[result.passed]] += 1
        title = "BLESSED" if self.blessed else "NOT BLESSED"
        summary = ", ".join(f"{count} {mark}" for mark, count in counts.items())
        ordered = sorted(self.results, key=lambda result: result.passed is not False)
        lines = [
            f"{_MARKS[result.passed]:>10}  {result.rule}: {result.sentence}"
            for result in ordered
        ]
        return "\n".join(
            [f"{title}: the {self.task} model ({summary})", "", *lines, ""]
        )
