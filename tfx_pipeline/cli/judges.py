"""Who may refuse data or a model in a run, and where each wrote why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tfx_pipeline.cli.stored_json import read_stored_json
from tfx_pipeline.pipeline.node_ids import node_id

Document = Mapping[str, Any]
Outputs = Mapping[str, Mapping[str, Any]]  # node to its artifacts by name


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


def read_answers(outputs: Outputs, candidate: str) -> dict[str, Document]:
    """Returns what each judge said of a candidate; who did not run is missing.

    Args:
        outputs: Of the whole run.
        candidate: Its name; '' is the first.

    Raises:
        ValueError: A file is gone.
    """
    answers = {
        name: read_answer(outputs, judge, candidate) for name, judge in JUDGES.items()
    }
    return {name: answer for name, answer in answers.items() if answer is not None}


def read_answer(outputs: Outputs, judge: Judge, candidate: str) -> Document | None:
    """Returns what one judge said; None where it did not run.

    Raises:
        ValueError: The file is gone.
    """
    artifact = outputs.get(node_id(judge.node, candidate), {}).get(judge.output)
    if artifact is None:
        return None
    return read_stored_json(Path(artifact.uri), judge.file)
