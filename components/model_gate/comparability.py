"""Whether the live model's numbers may be compared with the candidate's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.model_gate.measurements import Baseline, Measured, whole
from components.model_gate.rule_result import RuleResult


@dataclass(frozen=True)
class ModelFacts:
    """What a SavedModel says of itself.

    Attributes:
        signatures: Names of its signatures.
        taxonomy: Its taxonomy's JSON form; None where it carries none.
    """

    signatures: Sequence[str]
    taxonomy: Mapping[str, Any] | None


def compare_with(
    baseline: ModelFacts | None,
    before: Measured,
    *,
    examples: float,
    taxonomy: Mapping[str, Any],
    signature_name: str,
    damage: str = "",
) -> Baseline:
    """Returns the baseline as far as it can be compared, with the reason.

    Args:
        baseline: The live model; None where there is none yet.
        before: What the evaluation measured of it, empty where nothing.
        examples: Test photos that the candidate was measured on.
        taxonomy: The candidate's taxonomy.
        signature_name: The signature that the evaluation asks.
        damage: Why a model that is live could not be read.
    """
    measured = whole(before.numbers, "examples")
    obstacle = _obstacle_in_model(
        baseline, taxonomy, signature_name, damage
    ) or _obstacle_in_evaluation(measured, examples)
    if baseline is None or obstacle:
        return Baseline(None, obstacle)
    if baseline.taxonomy is None:
        return Baseline(
            before,
            "The live model carries no taxonomy; its classes were taken to be"
            " the same.",
        )
    return Baseline(before)


def judge_own_taxonomy(
    candidate: ModelFacts, taxonomy: Mapping[str, Any]
) -> list[RuleResult]:
    """Refuses a candidate that carries other classes than it was measured with."""
    if candidate.taxonomy is None:
        return []
    same = class_list(candidate.taxonomy) == class_list(taxonomy)
    if same:
        sentence = "The model carries the classes that it was measured with."
    else:
        sentence = (
            f"The model carries other classes ({_words(candidate.taxonomy)}) than it"
            f" was measured with ({_words(taxonomy)}); train it anew."
        )
    return [RuleResult(rule="taxonomy", passed=same, sentence=sentence)]


def class_list(taxonomy: Mapping[str, Any]) -> tuple[Any, ...]:
    """Returns what makes two taxonomies the same: ids, names and the background."""
    classes = sorted((entry["id"], entry["name"]) for entry in taxonomy["classes"])
    return (tuple(classes), taxonomy.get("background_id"))


def _words(taxonomy: Mapping[str, Any]) -> str:
    return ", ".join(f"{class_id} {name}" for class_id, name in class_list(taxonomy)[0])


def _obstacle_in_model(
    baseline: ModelFacts | None,
    taxonomy: Mapping[str, Any],
    signature_name: str,
    damage: str,
) -> str:
    """Returns why the model itself cannot be compared with, '' if it can."""
    if damage:
        return (
            f"The live model could not be read ({damage}), so change was not judged;"
            " the next push takes its place."
        )
    if baseline is None:
        return "No model is live where it is pushed to, so change was not judged."
    if signature_name not in baseline.signatures:
        return (
            f"The live model has no signature {signature_name!r}, only"
            f" {', '.join(sorted(baseline.signatures)) or 'none'}: it could not be"
            " measured, so change was not judged."
        )
    before = baseline.taxonomy
    if before is not None and class_list(before) != class_list(taxonomy):
        return (
            f"The live model knows other classes ({_words(before)}) than this"
            f" one ({_words(taxonomy)}): their numbers cannot be compared, so change"
            " was not judged."
        )
    return ""


def _obstacle_in_evaluation(measured: float, examples: float) -> str:
    """Returns what its numbers lack, '' if nothing."""
    if not measured >= 1:
        return (
            "The live model was not measured in this evaluation, so change was"
            " not judged; give the Evaluator the same baseline_model as the gate, and"
            " see in its log whether that model failed."
        )
    if measured != examples:
        return (
            f"The live model could answer for {measured:.0f} of {examples:.0f}"
            " test photos only, so change was not judged; the Evaluator's log has its"
            " error."
        )
    return ""
