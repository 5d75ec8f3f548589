"""Everything that the report is made of, read and measured before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from components.dataset_auditor.class_table import ClassTable
from components.evaluation_report.shown_photos import ShownPhotos
from components.model_gate.measurements import WHOLE, Numbers
from components.segmentation_metrics import confusion
from components.segmentation_metrics.class_names import ClassNames

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
        numbers: The candidate's, by slice and name.
        baseline: Those of the model that was blessed last; empty without one.
        matrix: The candidate's confusion matrix of all test photos.
        photos: Scores and pictures of test photos.
        history: Content of the Trainer's `history.json`.
        audit: Content of `audit.json`.
        package: Content of `package.json`.
        validation: Content of `validation.json`.
        lineage: Configuration, fingerprints and versions.
        artifacts: The node's inputs.
    """

    taxonomy: Document
    verdict: Document
    numbers: Numbers
    baseline: Numbers
    matrix: confusion.Matrix
    photos: ShownPhotos
    history: Document | None = None
    audit: Document | None = None
    package: Document | None = None
    validation: Document | None = None
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
        return self.numbers.get(WHOLE, {})

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
