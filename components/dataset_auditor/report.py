"""The audit as JSON and as a short text for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from components.dataset_auditor.findings import Finding
from components.dataset_auditor.tolerances import AuditTolerances
from components.dataset_auditor.verdict import Verdict


def describe_audit(
    verdict: Verdict,
    *,
    task: str,
    totals: Mapping[str, Any],
    skipped: Mapping[str, Any],
    anomalies: Mapping[str, Sequence[str]],
    tolerances: AuditTolerances,
    max_listed: int,
) -> dict[str, Any]:
    """Returns the content of audit.json; `finding_counts` counts what is cut off."""
    return {
        "blessed": verdict.blessed,
        "reasons": list(verdict.reasons),
        "task": task,
        **totals,
        "skipped": dict(skipped),
        "anomalies": {split: sorted(anomalies[split]) for split in sorted(anomalies)},
        "findings": [
            finding.to_dict()
            for finding in first_per_rule(verdict.findings, max_listed)
        ],
        "finding_counts": dict(
            sorted(Counter(finding.rule for finding in verdict.findings).items())
        ),
        "tolerances": tolerances.to_dict(),
    }


def first_per_rule(findings: Sequence[Finding], limit: int) -> list[Finding]:
    """Returns the first `limit` findings of every rule, in order."""
    seen: Counter[str] = Counter()
    kept = []
    for finding in findings:
        seen[finding.rule] += 1
        if seen[finding.rule] <= limit:
            kept.append(finding)
    return kept


def render_text(report: Mapping[str, Any]) -> str:
    """Returns the verdict, its reasons and the counts, a line each."""
    task = report["task"]
    lines = [f"Dataset audit, task {task!r}: {headline(report)}"]
    lines += [f"  - {reason}" for reason in report["reasons"]]
    lines += [
        f"{name}: {split['examples']} examples, {split['groups']} groups,"
        f" {split['undecodable']} undecodable"
        for name, split in report["splits"].items()
    ]
    counts = report["finding_counts"]
    found = ", ".join(f"{rule} {count}" for rule, count in counts.items())
    lines.append(f"findings: {found or 'none'}")
    return "\n".join(lines) + "\n"


def headline(report: Mapping[str, Any]) -> str:
    """Returns `blessed`, or `refused` with the number of reasons."""
    if report["blessed"]:
        return "blessed"
    count = len(report["reasons"])
    return f"refused for {count} {'reason' if count == 1 else 'reasons'}"
