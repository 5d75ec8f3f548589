"""Everything that a comparison is told from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.dataset_auditor.class_table import ClassTable
from components.run_comparison.compared_model import ComparedModel
from components.run_comparison.disputed_photo import DisputedPhoto
from components.run_comparison.measured_on import why_not_comparable
from components.segmentation_metrics.class_names import ClassNames

MIN_MODELS = 2


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Models that were measured on the same photos.

    Attributes:
        models: At least two; the first is what the others are compared with.
        photos: Test photos on which their masks differ most; empty where nobody
            looked, or where all masks are the same.
        photos_asked: Test photos that the models were asked about again.
        notes: Sentences about what a reader would wonder at.
    """

    models: Sequence[ComparedModel]
    photos: Sequence[DisputedPhoto] = ()
    photos_asked: int = 0
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        if len(self.models) < MIN_MODELS:
            raise ValueError(
                f"a comparison needs {MIN_MODELS} models or more, got"
                f" {len(self.models)}; name more runs or candidates"
            )
        names = [model.name for model in self.models]
        if len(set(names)) != len(names):
            raise ValueError(
                f"each model needs its own name, got {', '.join(names)}; name every run"
                " once"
            )
        for model in self.models[1:]:
            obstacle = why_not_comparable(
                self.first.test,
                model.test,
                first_name=self.first.name,
                other_name=model.name,
            )
            if obstacle:
                raise ValueError(obstacle)

    @property
    def first(self) -> ComparedModel:
        """What the others are compared with."""
        return self.models[0]

    @property
    def others(self) -> Sequence[ComparedModel]:
        """All but the first."""
        return self.models[1:]

    @property
    def taxonomy(self) -> Mapping[str, Any]:
        """The taxonomy's JSON form."""
        return self.first.test.taxonomy

    @property
    def task(self) -> str:
        """What the models segment."""
        return self.first.test.task

    @property
    def classes(self) -> ClassNames:
        """Names by id."""
        return ClassNames.from_taxonomy(self.taxonomy)

    @property
    def table(self) -> ClassTable:
        """Names and colours."""
        return ClassTable.from_taxonomy(self.taxonomy)
