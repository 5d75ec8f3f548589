"""Reads what each node of the newest run decided on data and models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfx_pipeline.cli.run_lookup import executions_of, newest_first, open_run
from tfx_pipeline.pipeline.node_ids import node_id

if TYPE_CHECKING:  # its module takes seconds to load
    from ml_metadata.metadata_store import MetadataStore

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Judge:
    """A node that may refuse, and where its answer is.

    Attributes:
        node: Its id for the first candidate.
        output: Name of the output that holds the answer.
        file: JSON file in it, with `reasons`.
        flag: Key in it that is true where nothing was refused.
    """

    node: str
    output: str
    file: str
    flag: str


AUDITOR = Judge(
    node="DatasetAuditor", output="audit", file="audit.json", flag="blessed"
)
GATE = "gate"
SERVING_CHECK = "serving check"
APPROVAL = "approval"
PUSHER = "pusher"
# Who judges a model, in this order: who follows a refusal only passes it on.
JUDGES = {
    GATE: Judge(
        node="ModelGate", output="verdict", file="verdict.json", flag="blessed"
    ),
    "packager": Judge(
        node="ModelPackager",
        output="packaged_model",
        file="package.json",
        flag="packaged",
    ),
    SERVING_CHECK: Judge(
        node="ServingValidator",
        output="validation",
        file="validation.json",
        flag="blessed",
    ),
    APPROVAL: Judge(
        node="ModelApproval", output="approval", file="approval.json", flag="approved"
    ),
    PUSHER: Judge(
        node="ModelPusher", output="pushed_model", file="push.json", flag="pushed"
    ),
}


@dataclass(frozen=True, kw_only=True)
class JudgedModel:
    """The answers on one candidate.

    Attributes:
        candidate: Its name; '' is the first.
        answers: Judge to the content of its file; who did not run is missing.
    """

    candidate: str
    answers: Mapping[str, Document]

    @property
    def refused_by(self) -> str | None:
        """The first judge that refused; None where none did."""
        refusals = (
            name
            for name, answer in self.answers.items()
            if not answer[JUDGES[name].flag]
        )
        return next(refusals, None)

    @property
    def reasons(self) -> list[str]:
        """The sentences of that judge."""
        refused_by = self.refused_by
        return list(self.answers[refused_by]["reasons"]) if refused_by else []


@dataclass(frozen=True, kw_only=True)
class JudgedRun:
    """The answers of one run.

    Attributes:
        run_id: Name of the run in ML Metadata.
        unfinished: Nodes that failed or have not ended; what follows is not judged.
        data_reasons: Why the audit refused the data; there is no model then.
        models: Each candidate that the gate judged.
    """

    run_id: str
    unfinished: tuple[str, ...]
    data_reasons: tuple[str, ...]
    models: tuple[JudgedModel, ...]

    @property
    def blessed(self) -> bool:
        """Whether nothing was refused, as the exit code of `carseg run` says it."""
        return not self.data_reasons and not any(
            model.refused_by for model in self.models
        )


def read_newest_run(root: Path) -> JudgedRun:
    """Returns what was decided in the newest run below a root folder.

    Raises:
        UsageError: The folder is no run.
        ValueError: The newest run ended before anything was judged, or a file is gone.
    """
    store = open_run(root)
    for run in newest_first(store)[:1]:
        judged = _read_run(store, run)
        if judged.models or judged.data_reasons:
            return judged
    raise ValueError(
        f"the newest run in {root} judged no model: it ended before the gate; run it"
        " again without run.until, or look at its carseg.log for what failed"
    )


def _read_run(store: MetadataStore, run: Any) -> JudgedRun:
    outputs = _outputs(store, run)
    audit = _answer(outputs, AUDITOR, "")
    first = JUDGES[GATE].node
    candidates = [
        node.removeprefix(first).removeprefix("_")
        for node in outputs
        if node == first or node.startswith(f"{first}_")
    ]
    models = [
        JudgedModel(candidate=name, answers=_answers(outputs, name))
        for name in candidates
    ]
    return JudgedRun(
        run_id=run.name,
        unfinished=_unfinished(store, run),
        data_reasons=tuple(audit["reasons"]) if audit else (),
        models=tuple(model for model in models if model.answers),
    )


def _outputs(store: MetadataStore, run: Any) -> dict[str, Mapping[str, Any]]:
    # Imported here: it takes a second, and wrong usage answers before it.
    from tfx_pipeline.runners.run_history import node_of, outputs_of

    return {
        node_of(store, execution): outputs_of(store, execution)
        for execution in executions_of(store, run)
    }


def _unfinished(store: MetadataStore, run: Any) -> tuple[str, ...]:
    from ml_metadata.proto import metadata_store_pb2  # as above

    from tfx_pipeline.runners.run_history import node_of

    states = metadata_store_pb2.Execution
    ended_badly = {states.NEW, states.RUNNING, states.FAILED, states.CANCELED}
    return tuple(
        node_of(store, execution)
        for execution in executions_of(store, run)
        if execution.last_known_state in ended_badly
    )


def _answers(
    outputs: Mapping[str, Mapping[str, Any]], candidate: str
) -> dict[str, Document]:
    answers = {
        name: _answer(outputs, judge, candidate) for name, judge in JUDGES.items()
    }
    return {name: answer for name, answer in answers.items() if answer is not None}


def _answer(
    outputs: Mapping[str, Mapping[str, Any]], judge: Judge, candidate: str
) -> Document | None:
    artifact = outputs.get(node_id(judge.node, candidate), {}).get(judge.output)
    if artifact is None:
        return None
    path = Path(artifact.uri, judge.file)
    try:
        answer: Document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as err:
        raise ValueError(
            f"{path} is in ML Metadata, but the file is gone; run the pipeline again"
            " with --set run.cache=false"
        ) from err
    return answer
