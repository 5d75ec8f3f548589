"""Who let the model pass, who refused it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.evaluation_report.report_facts import Document, ReportFacts


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What one of the nodes before decided.

    Attributes:
        who: The node, in words.
        passed: None where it did not run.
        reasons: Sentences against the model.
    """

    who: str
    passed: bool | None
    reasons: Sequence[str] = ()


def list_decisions(facts: ReportFacts) -> list[Decision]:
    """Returns the decisions in the order in which they were made.

    Who comes after a refusal only passes it on, and counts as not run.
    """
    decisions: list[Decision] = []
    for who, document, key in (
        ("Gate", facts.verdict, "blessed"),
        ("Packager", facts.package, "packaged"),
        ("Serving check", facts.validation, "blessed"),
    ):
        is_tried = is_blessed(decisions)
        decisions.append(_decision(who, document if is_tried else None, key))
    return decisions


def is_blessed(decisions: Sequence[Decision]) -> bool:
    """Returns whether nobody refused; who did not run refuses nobody."""
    return all(decision.passed is not False for decision in decisions)


def _decision(who: str, document: Document | None, key: str) -> Decision:
    if document is None:
        return Decision(who=who, passed=None)
    reasons = [str(reason) for reason in document.get("reasons", [])]
    return Decision(
        who=who, passed=bool(document.get(key, not reasons)), reasons=reasons
    )
