"""Reads what each run wrote about a model into the facts of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.evaluation_report.private_text import hide_paths
from components.model_gate.verdict import min_groups_of
from tfx_pipeline.cli.compare_runs import FoundModel
from tfx_pipeline.cli.gate_decisions import JudgedModel
from tfx_pipeline.cli.judges import GATE, SERVING_CHECK, read_answers
from tfx_pipeline.cli.stored_json import read_stored_json

if TYPE_CHECKING:  # their modules take seconds to load
    from components.run_comparison.compared_model import ComparedModel
    from components.run_comparison.evaluation_facts import EvaluationFacts
    from components.run_comparison.measured_on import MeasuredOn

_WAY_OUT = "run the pipeline again with --set run.cache=false"
_GONE = f"the folder is gone; {_WAY_OUT}"
_HISTORY_FILE = "history.json"
_TEST_FOLDER = "Split-test"


@dataclass(frozen=True, kw_only=True)
class ReadModels:
    """Models whose numbers were read.

    Attributes:
        models: In the order in which they were named.
        notes: What a reader would wonder at.
    """

    models: Sequence[ComparedModel]
    notes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class _Papers:
    """What a run wrote about a model beside its numbers.

    Attributes:
        judged: What was decided.
        history: Of its training; empty where nothing was trained.
    """

    judged: JudgedModel
    history: Mapping[str, Any]


def read_models(found: Sequence[FoundModel], names: Sequence[str]) -> ReadModels:
    """Reads evaluations, verdicts and test photos.

    Raises:
        ValueError: A file is gone.
    """
    for model in found:
        if not model.evaluation.is_dir():
            raise ValueError(f"{model.evaluation} is in ML Metadata, but {_GONE}")
    papers = [_read_papers(model) for model in found]
    # Imported here: it takes seconds, and wrong usage answers before it.
    from components.run_comparison.evaluation_facts import read_facts

    facts = [read_facts(model.evaluation) for model in found]
    digests = _digests(found, [one.measured_on("") for one in facts])
    models = [
        _compared(*of_model)
        for of_model in zip(found, names, papers, facts, digests, strict=True)
    ]
    return ReadModels(models=models, notes=list(_notes(facts)))


def test_files(model: FoundModel) -> list[Path]:
    """Returns the record files of the test split.

    Raises:
        ValueError: They are gone.
    """
    folder = model.examples
    files = sorted((folder / _TEST_FOLDER).glob("data_tfrecord-*")) if folder else []
    if not files:
        raise ValueError(
            f"the test photos of run {model.run_id} must be in"
            f" {(folder or model.root) / _TEST_FOLDER}, there are none; {_WAY_OUT}"
        )
    return files


def _digests(
    found: Sequence[FoundModel], measured_on: Sequence[MeasuredOn]
) -> list[str]:
    """Returns a hash of each model's test photos; '' where no look is needed."""
    from components.run_comparison.measured_on import why_not_comparable
    from components.run_comparison.records_digest import records_digest
    from components.run_comparison.stored_photos import read_records

    folders = [model.examples for model in found]
    first, *others = measured_on
    differ = any(
        why_not_comparable(first, other, first_name="", other_name="")
        for other in others
    )
    if differ or len(set(folders)) == 1:
        return ["" for _ in found]
    known = {
        folder: records_digest(read_records(test_files(model)), first.task)
        for folder, model in zip(folders, found, strict=True)
    }
    return [known[folder] for folder in folders]


def _notes(facts: Sequence[EvaluationFacts]) -> list[str]:
    notes = []
    if len({one.code_fingerprint for one in facts}) > 1:
        notes.append(
            "The models were measured by different versions of carseg: a number may"
            " mean something else in each."
        )
    if not all(one.measured.replicates for one in facts):
        notes.append(
            "Not every evaluation redrew its test photos, so there are no intervals;"
            " run with evaluate.bootstrap_replicates above 0."
        )
    return notes


def _read_papers(found: FoundModel) -> _Papers:
    answers = read_answers(found.outputs, found.candidate)
    trained = found.folder("Trainer", "model_run")
    return _Papers(
        judged=JudgedModel(candidate=found.candidate, answers=answers),
        history=read_stored_json(trained, _HISTORY_FILE) if trained else {},
    )


def _compared(
    found: FoundModel, name: str, papers: _Papers, facts: EvaluationFacts, digest: str
) -> ComparedModel:
    from components.run_comparison.compared_model import ComparedModel

    judged = papers.judged
    serving = judged.answers.get(SERVING_CHECK, {})
    return ComparedModel(
        name=name,
        run_id=found.run_id,
        made=found.made,
        network=found.network,
        parameters=papers.history.get("parameters"),
        measured=facts.measured,
        test=facts.measured_on(digest),
        figures=serving.get("figures") or {},
        min_groups=min_groups_of(judged.answers.get(GATE, {})),
        is_judged=GATE in judged.answers,
        refused_by=judged.refused_by,
        reasons=tuple(hide_paths(judged.reasons)),
    )
