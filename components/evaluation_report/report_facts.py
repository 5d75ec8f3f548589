"""Everything that the report is made of, read and measured before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from components.dataset_auditor.class_table import ClassTable
from components.evaluation_report.shown_photos import ShownPhotos
from components.model_gate.measurements import WHOLE, Measured
from components.model_gate.verdict import min_groups_of
from components.segmentation_metrics import confusion
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.decision_table import DecisionCosts

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class InputArtifact:
    """One input of the node as ML Metadata knows it; its place is left out.

    Attributes:
        channel: Name of the input.
        type_name: Of the artifact.
        mlmd_id: Its id; 0 outside a pipeline.
    """

    channel: str
    type_name: str
    mlmd_id: int


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """The facts; what a node before did not write is None.

    Attributes:
        taxonomy: The taxonomy's JSON form.
        verdict: Content of `verdict.json`.
        measured: What the evaluation holds of the candidate.
        live: The same of the live model, comparable or not; without numbers where
            there is none.
        matrix: The candidate's confusion matrix of all test photos, of the taxonomy's
            classes.
        photos: Scores and pictures of test photos.
        costs: What a photo costs; None where nobody said.
        history: Content of the Trainer's `history.json`.
        audit: Content of `audit.json`.
        package: Content of `package.json`.
        validation: Content of `validation.json`.
        approval: Content of `approval.json`; None where nobody is asked.
        lineage: Configuration, fingerprints and versions.
        artifacts: The node's inputs.
    """

    taxonomy: Document
    verdict: Document
    measured: Measured
    live: Measured
    matrix: confusion.Matrix
    photos: ShownPhotos
    costs: DecisionCosts | None = None
    history: Document | None = None
    audit: Document | None = None
    package: Document | None = None
    validation: Document | None = None
    approval: Document | None = None
    lineage: Document
    artifacts: Sequence[InputArtifact]

    @property
    def task(self) -> str:
        """What the model segments."""
        return str(self.taxonomy["task"])

    @property
    def classes(self) -> ClassNames:
        """Names by id."""
        return ClassNames.from_taxonomy(self.taxonomy)

    @property
    def table(self) -> ClassTable:
        """Names and colours."""
        return ClassTable.from_taxonomy(self.taxonomy)

    @property
    def whole(self) -> Mapping[str, float]:
        """The candidate's numbers of all test photos."""
        return self.measured.numbers.get(WHOLE, {})

    @property
    def before(self) -> Measured | None:
        """What `live` holds; None where the candidate cannot be compared with it."""
        examples = self.live.numbers.get(WHOLE, {}).get("examples")
        if examples is None or examples != self.whole.get("examples"):
            return None
        # The gate alone knows the other model's classes: where it speaks of the
        # baseline and judged no change, there may be nothing to compare.
        doubt = self.rule("baseline")
        judged = any(
            rule.get("change") is not None for rule in self.verdict.get("rules", [])
        )
        if doubt and not judged:
            return None
        return self.live

    @property
    def min_groups(self) -> int:
        """Groups that the gate wants of a class or slice before it judges one."""
        return min_groups_of(self.verdict)

    def sums(self, measure: str) -> npt.NDArray[np.float64] | None:
        """Returns the candidate's sums of all test photos; None where none counted."""
        found = self.measured.sums.get(WHOLE, {}).get(measure)
        return found if found is not None and found.any() else None

    def rule(self, name: str) -> Document | None:
        """Returns the gate's first result of a rule; None where there is none."""
        rules = self.verdict.get("rules", [])
        return next((rule for rule in rules if rule.get("rule") == name), None)

    @property
    def notes(self) -> list[str]:
        """Sentences about what a reader would wonder at."""
        again = self.photos.book.matrix
        differing = int(np.abs(again - self.matrix).sum()) // 2
        if np.array_equal(again, self.matrix):
            return []
        return [
            "The photos below were predicted anew, and their masks differ from those"
            f" that the Evaluator measured in about {differing:,} of"
            f" {int(self.matrix.sum()):,} pixels ({self.photos.book.examples:,} photos"
            " here). The numbers are the Evaluator's."
        ]
