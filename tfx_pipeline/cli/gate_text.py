"""What `carseg gate` prints: a line per model, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tfx_pipeline.cli.approval_line import approval_line
from tfx_pipeline.cli.gate_decisions import JudgedModel, JudgedRun
from tfx_pipeline.cli.judges import APPROVAL, GATE, PUSHER, SERVING_CHECK
from tfx_pipeline.cli.table import table

_STATES = {False: "REFUSED", True: "passed", None: "not judged"}
_HEAD = ("state", "rule", "metric", "photos", "number", "95 % interval", "bound")


def verdict_lines(run: JudgedRun) -> Iterator[str]:
    """Yields the answer in a line per model, one for refused data."""
    if run.data_reasons:
        yield f"data REFUSED {_for(run.data_reasons)}"
    yield from map(verdict_line, run.models)


def verdict_line(model: JudgedModel) -> str:
    """Returns the answer on one model."""
    name = f"model {model.candidate}".strip()
    if model.refused_by:
        return f"{name} REFUSED by the {model.refused_by} {_for(model.reasons)}"
    judges = [judge for judge in model.answers if judge != PUSHER]
    pushed = model.answers.get(PUSHER)
    outcome = pushed["sentence"] if pushed else "not pushed in this run"
    return f"{name} blessed by {', '.join(judges)}; {outcome}"


def why_blocks(run: JudgedRun) -> Iterator[str]:
    """Yields a block of lines for refused data and for each model."""
    if run.data_reasons:
        lines = [f"data REFUSED {_for(run.data_reasons)}", *_listed(run.data_reasons)]
        yield "\n".join(lines)
    for model in run.models:
        rules = model.answers[GATE]["rules"] if GATE in model.answers else []
        lines = [
            verdict_line(model),
            *_listed(model.reasons),
            "",
            table(_HEAD, _rows(rules)),
            *_listed([rule["sentence"] for rule in rules if rule["passed"] is None]),
            "",
            *_passed(model.answers),
        ]
        yield "\n".join(lines).rstrip()


def _rows(rules: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Returns the refusals first, as `verdict.txt` does."""
    ordered = sorted(rules, key=lambda rule: rule["passed"] is not False)
    return [
        [
            _STATES[rule["passed"]],
            rule["rule"],
            rule.get("metric") or "",
            _slice(rule.get("slice") or {}),
            _number(rule.get("number")),
            _interval(rule),
            _number(rule.get("bound")),
        ]
        for rule in ordered
    ]


def _slice(values: Mapping[str, str]) -> str:
    words = ", ".join(f"{name}={value}" for name, value in values.items())
    return words or "all test photos"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    rounded = f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{value:.2g}" if value and float(rounded) == 0 else rounded


def _interval(rule: Mapping[str, Any]) -> str:
    """Returns the ends; those of a change have signs and say that they are one's."""
    ends = rule.get("interval")
    if not ends:
        return ""
    is_change = rule.get("change") is not None
    low, high = (f"{end:+.4f}" if is_change else f"{end:.4f}" for end in ends)
    return f"{'change ' if is_change else ''}{low} to {high}"


def _passed(answers: Mapping[str, Any]) -> Iterator[str]:
    """Yields what server and person had nothing against; reasons are said before."""
    served = answers.get(SERVING_CHECK)
    if served and served["blessed"]:
        yield f"serving check passed: {len(served['checks'])} checks"
    approval = answers.get(APPROVAL)
    if approval and approval["approved"]:
        yield approval_line(approval)


def _for(reasons: Sequence[str]) -> str:
    return f"for {len(reasons)} {'reason' if len(reasons) == 1 else 'reasons'}"


def _listed(sentences: Sequence[str]) -> list[str]:
    return [f"  - {sentence}" for sentence in sentences]
