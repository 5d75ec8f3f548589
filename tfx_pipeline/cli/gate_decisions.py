"""Reads what each node of the newest run decided on data and models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfx_pipeline.cli.judges import (
    AUDITOR,
    GATE,
    JUDGES,
    Document,
    read_answer,
    read_answers,
)
from tfx_pipeline.cli.run_lookup import executions_of, newest_first, open_run

if TYPE_CHECKING:  # its module takes seconds to load
    from ml_metadata.metadata_store import MetadataStore


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
    runs = newest_first(store)
    judged = _read_run(store, runs[0]) if runs else None
    if judged is None or not (judged.models or judged.data_reasons):
        raise ValueError(
            f"the newest run in {root} judged no model: it ended before the gate; run"
            " it again without run.until, or look at its carseg.log for what failed"
        )
    return judged


def _read_run(store: MetadataStore, run: Any) -> JudgedRun:
    outputs = _outputs(store, run)
    audit = read_answer(outputs, AUDITOR, "")
    first = JUDGES[GATE].node
    candidates = [
        node.removeprefix(first).removeprefix("_")
        for node in outputs
        if node == first or node.startswith(f"{first}_")
    ]
    models = [
        JudgedModel(candidate=name, answers=read_answers(outputs, name))
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
