"""Holds the findings against the tolerances: which rules refuse, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from components.dataset_auditor.findings import Finding, finding_order
from components.dataset_auditor.tolerances import AuditTolerances

# rule: (field of AuditTolerances, what its images have)
_SHARE_RULES = {
    "undecodable_image": ("max_undecodable_share", "cannot be decoded"),
    "missing_feature": ("max_missing_feature_share", "lack a feature"),
    "size_mismatch": ("max_size_mismatch_share", "have sizes that disagree"),
    "unknown_id": ("max_unknown_id_share", "hold ids outside the taxonomy"),
    "bad_instances": ("max_bad_instances_share", "have unreadable instances"),
    "empty_mask": ("max_empty_mask_share", "have an empty mask"),
    "background_only_mask": ("max_background_only_share", "show only background"),
    "void_share": ("max_void_heavy_share", "are mostly void"),
    "specks": ("max_specky_share", "have masks full of specks"),
}
# rule: (field of AuditTolerances, what is counted)
_COUNT_RULES = {
    "duplicate_example_id": ("max_duplicate_example_ids", "example ids used twice"),
    "group_in_two_splits": ("max_groups_in_two_splits", "groups in two splits"),
    "exact_duplicate": ("max_exact_duplicates", "pictures in two splits"),
    "near_duplicate": (
        "max_near_duplicate_pairs",
        "pairs of near-duplicates across splits",
    ),
    "anomaly": ("max_anomalies", "anomalies of ExampleValidator"),
}


@dataclass(frozen=True)
class Verdict:
    """The decision.

    Attributes:
        reasons: Why the dataset is refused, a sentence each; empty if blessed.
        findings: All findings, sorted, with their severity.
    """

    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def blessed(self) -> bool:
        """Whether the dataset may be trained on."""
        return not self.reasons


def judge(
    findings: Sequence[Finding],
    *,
    examples: int,
    void_share: float,
    split_sizes: Mapping[str, int],
    skipped_share: float,
    tolerances: AuditTolerances,
) -> Verdict:
    """Returns the verdict; the order of the findings does not matter."""
    reasons: dict[str, list[str]] = {}
    for rule, reason in (
        *_share_reasons(findings, examples, tolerances),
        *_count_reasons(findings, tolerances),
        *_whole_reasons(void_share, split_sizes, skipped_share, tolerances),
    ):
        reasons.setdefault(rule, []).append(reason)
    judged = [
        replace(finding, severity="refuse")
        if finding.rule in reasons and finding.counts
        else finding
        for finding in [*findings, *_whole_findings(reasons)]
    ]
    return Verdict(
        reasons=tuple(reason for rule in reasons.values() for reason in rule),
        findings=tuple(sorted(judged, key=finding_order)),
    )


def _share_reasons(
    findings: Sequence[Finding], examples: int, tolerances: AuditTolerances
) -> list[tuple[str, str]]:
    counts = Counter(finding.rule for finding in findings if finding.counts)
    reasons = []
    for rule, (field, what) in _SHARE_RULES.items():
        bound = getattr(tolerances, field)
        if examples and counts[rule] > bound * examples:
            share = counts[rule] / examples
            reasons.append(
                (
                    rule,
                    f"{counts[rule]} of {examples} examples ({share:.2%}) {what};"
                    f" at most {bound:.2%} may ({field})",
                )
            )
    return reasons


def _count_reasons(
    findings: Sequence[Finding], tolerances: AuditTolerances
) -> list[tuple[str, str]]:
    counts = Counter(finding.rule for finding in findings if finding.counts)
    return [
        (rule, f"{what}: {counts[rule]}, allowed are {bound} ({field})")
        for rule, (field, what) in _COUNT_RULES.items()
        if counts[rule] > (bound := getattr(tolerances, field))
    ]


def _whole_reasons(
    void_share: float,
    split_sizes: Mapping[str, int],
    skipped_share: float,
    tolerances: AuditTolerances,
) -> list[tuple[str, str]]:
    reasons = [
        (
            "empty_split",
            f"split {name!r} holds {size} examples; at least"
            f" {tolerances.min_examples_per_split} are needed"
            " (min_examples_per_split)",
        )
        for name, size in sorted(split_sizes.items())
        if size < tolerances.min_examples_per_split
    ]
    if not split_sizes:
        reasons.append(("empty_split", "the dataset has no split; give at least one"))
    if void_share > tolerances.max_void_share:
        reasons.append(
            (
                "void_share",
                f"{void_share:.2%} of all mask pixels are void; at most"
                f" {tolerances.max_void_share:.2%} may be (max_void_share)",
            )
        )
    if skipped_share > tolerances.max_skipped_share:
        reasons.append(
            (
                "skipped_source",
                f"{skipped_share:.2%} of the sources were skipped by the builder;"
                f" at most {tolerances.max_skipped_share:.2%} may be"
                " (max_skipped_share)",
            )
        )
    return reasons


def _whole_findings(reasons: Mapping[str, Sequence[str]]) -> list[Finding]:
    return [
        Finding(rule="empty_split", detail=reason)
        for reason in reasons.get("empty_split", ())
    ]
