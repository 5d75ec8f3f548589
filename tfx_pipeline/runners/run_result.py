"""What a finished run has to say: stages, audit, and each model's verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.evaluation_report.report_files import REPORT_FILE
from components.model_gate.evaluation_reader import CANDIDATE, read_evaluation
from components.model_packager.figures import list_figures
from components.model_pusher.executor import DESTINATION
from tfx_pipeline.pipeline.node_ids import node_id
from tfx_pipeline.pipeline.plan import Plan
from tfx_pipeline.runners.run_history import RunRecord, Stage

NOT_RUN = "NOT RUN"
# Where TFX keeps the SavedModel inside a Model artifact.
SERVED_FOLDER = "Format-Serving"


@dataclass(frozen=True, kw_only=True)
class ModelResult:
    """What became of one candidate.

    Attributes:
        candidate: Its name; '' is the first.
        blessed: Whether the gate let it pass, it could be packaged, and the server
            check and the pusher, where the run has them, had nothing against it.
        reasons: Sentences against it; empty where blessed.
        figures: Name to number on the whole test split; NaN is None.
        verdict_file: The gate's `verdict.txt`.
        model_run: Folder of training curves and pictures.
        packaged_model: Folder of the SavedModel; None where there is none.
        report: The page that a person reads.
        serving: What a real server made of the model, `validation.json`; None where
            it was not tried.
        pushed: What the pusher did, `push.json`; None where it did not run.
        pushed_model: Folder of the version that servers find; None where there is
            none.
    """

    candidate: str
    blessed: bool
    reasons: tuple[str, ...]
    figures: Mapping[str, float | None]
    verdict_file: Path
    model_run: Path
    packaged_model: Path | None
    report: Path
    serving: Mapping[str, Any] | None
    pushed: Mapping[str, Any] | None
    pushed_model: Path | None


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """All of it; `models` is empty where the data was refused or nothing trained."""

    record: RunRecord
    stages: tuple[Stage, ...]
    audit: dict[str, Any]
    audit_folder: Path
    examples_folder: Path
    taxonomy: Mapping[str, Any]
    models: tuple[ModelResult, ...]
    log_file: Path

    def shards(self, split: str) -> list[Path]:
        """Returns the record files of a split."""
        return sorted(Path(self.examples_folder, f"Split-{split}").iterdir())

    @property
    def data_blessed(self) -> bool:
        """Whether the audit found the data fit for training."""
        return bool(self.audit["blessed"])

    @property
    def blessed(self) -> bool:
        """Whether nothing was refused: not the data, and no model."""
        return self.data_blessed and all(model.blessed for model in self.models)


def read_result(
    record: RunRecord, plan: Plan, node_ids: list[str], log_file: Path
) -> RunResult:
    """Reads what the nodes of a finished run wrote.

    Args:
        record: The run as ML Metadata knows it.
        plan: What was run.
        node_ids: All nodes of the pipeline, in order; a refusal leaves some out.
        log_file: What the libraries logged.
    """
    audit = record.output("DatasetAuditor", "audit")
    examples = record.output("TfdsExampleGen", "examples")
    assert audit is not None and examples is not None, "both nodes have run"
    done = {stage.node for stage in record.stages}
    missing = [
        Stage(node=node, state=NOT_RUN, seconds=0.0)
        for node in node_ids
        if node not in done
    ]
    folder = Path(audit.uri)
    return RunResult(
        record=record,
        stages=(*record.stages, *missing),
        audit=json.loads((folder / "audit.json").read_text("utf-8")),
        audit_folder=folder,
        examples_folder=Path(examples.uri),
        taxonomy=plan.taxonomy,
        models=tuple(
            _read_model(record, candidate)
            for candidate in plan.trainers
            if record.output(node_id("ModelGate", candidate), "verdict")
        ),
        log_file=log_file,
    )


def _read_model(record: RunRecord, candidate: str) -> ModelResult:
    def output(node: str, name: str) -> Any | None:
        return record.output(node_id(node, candidate), name)

    verdict_file = Path(_uri(output("ModelGate", "verdict")), "verdict.txt")
    verdict = json.loads(verdict_file.with_suffix(".json").read_text("utf-8"))
    package = output("ModelPackager", "packaged_model")
    packaged = _read_json(package, "package.json")
    serving = _read_json(output("ServingValidator", "validation"), "validation.json")
    pushed = _read_json(output("ModelPusher", "pushed_model"), "push.json")
    whole = list_figures(
        read_evaluation(_uri(output("Evaluator", "evaluation")))[CANDIDATE]
    )[0]
    reasons = _first_reasons(verdict, packaged, serving, pushed)
    return ModelResult(
        candidate=candidate,
        blessed=not reasons,
        reasons=reasons,
        figures=whole["metrics"],
        verdict_file=verdict_file,
        model_run=Path(_uri(output("Trainer", "model_run"))),
        packaged_model=_saved_model(package, packaged),
        report=Path(_uri(output("EvaluationReporter", "report")), REPORT_FILE),
        serving=serving,
        pushed=pushed,
        pushed_model=_pushed_folder(output("ModelPusher", "pushed_model")),
    )


def _read_json(artifact: Any | None, name: str) -> dict[str, Any] | None:
    if artifact is None:
        return None
    content: dict[str, Any] = json.loads(Path(artifact.uri, name).read_text("utf-8"))
    return content


def _pushed_folder(artifact: Any | None) -> Path | None:
    if artifact is None or DESTINATION not in artifact.custom_properties:
        return None
    return Path(artifact.custom_properties[DESTINATION].string_value)


def _first_reasons(*decisions: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Returns the reasons of the first node that refused; the later ones follow it."""
    for decision in decisions:
        if decision and decision["reasons"]:
            return tuple(decision["reasons"])
    return ()


def _saved_model(
    artifact: Any | None, packaged: Mapping[str, Any] | None
) -> Path | None:
    if artifact is None or packaged is None or not packaged["packaged"]:
        return None
    return Path(artifact.uri, SERVED_FOLDER)


def _uri(artifact: Any) -> str:
    assert artifact is not None, "a judged model has been trained and measured"
    return str(artifact.uri)
