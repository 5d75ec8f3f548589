"""What a finding is, and the names of all rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["refuse", "warn"]

RULES = (  # in the order of the page: what blocks training first
    "undecodable_image",
    "missing_feature",
    "size_mismatch",
    "unknown_id",
    "bad_instances",
    "empty_split",
    "duplicate_example_id",
    "group_in_two_splits",
    "exact_duplicate",
    "near_duplicate",
    "empty_mask",
    "background_only_mask",
    "void_share",
    "specks",
    "skipped_source",
    "anomaly",
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a person should look at.

    Attributes:
        rule: One of `RULES`.
        detail: A sentence.
        examples: Ids of the records concerned.
        splits: Their splits, in the same order; of a finding without records, the
            splits concerned.
        record_keys: Hashes of the records, for the page's thumbnails.
        counts: Whether it counts against the rule's tolerance.
        severity: `refuse` where its rule is over the tolerance.
    """

    rule: str
    detail: str
    examples: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    record_keys: tuple[str, ...] = ()
    counts: bool = True
    severity: Severity = "warn"

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "examples": list(self.examples),
            "splits": list(self.splits),
            "detail": self.detail,
        }


def finding_order(finding: Finding) -> tuple[Any, ...]:
    """Sorts by rule, refusals first, then by splits, ids and sentence."""
    return (
        RULES.index(finding.rule),
        finding.severity != "refuse",
        finding.splits,
        finding.examples,
        finding.detail,
        finding.record_keys,
    )
