"""Facts of a report made from drawn photos and masks, without Beam and TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np

from components.dataset_auditor.class_table import ClassTable
from components.evaluation_report.photo_choice import choose_photos
from components.evaluation_report.photo_layers import draw_layers
from components.evaluation_report.photo_scores import ScoreBook, score_photo
from components.evaluation_report.report_facts import InputArtifact, ReportFacts
from components.evaluation_report.shown_photos import ShownPhotos
from components.model_gate.measurements import Measured
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.measurement import Measuring
from components.segmentation_metrics.overlap import OverlapMeasure
from components.segmentation_metrics.replicated_sums import MeasureSet
from tests.components.dataset_auditor.drawn_records import (
    TAXONOMY as DRAWN,
)
from tests.components.dataset_auditor.drawn_records import (
    draw_mask,
    encode,
    make_record,
)

TAXONOMY = DRAWN | {"licence": "CC0-1.0", "commercial": "yes"}
VERDICT = {
    "task": "car",
    "blessed": True,
    "reasons": [],
    "rules": [
        {"rule": "value", "passed": True, "sentence": "miou is 0.7.", "number": 0.7},
        {"rule": "baseline", "passed": None, "sentence": "No model before."},
    ],
}
HISTORY = {
    "epochs": [
        {"loss": 1.0, "eval_loss": 1.2, "eval_miou": 0.25, "learning_rate": 0.001},
        {"loss": 0.5, "eval_loss": None, "eval_miou": 0.75, "learning_rate": 0.0005},
        {"loss": 0.25, "eval_loss": 0.6, "eval_miou": 0.5, "learning_rate": 0.0},
    ],
    "best_epoch": 2,
    "best_eval_miou": 0.75,
    "seconds": 12.5,
    "parameters": 1234567,
}
AUDIT = {
    "blessed": True,
    "reasons": [],
    "splits": {
        "test": {
            "examples": 4,
            "groups": 3,
            "class_pixels": {"background": 300, "car": 100, "범퍼 <front>": 0},
        }
    },
    "finding_counts": {"near_duplicate": 2},
}
VALIDATION = {
    "blessed": True,
    "reasons": [],
    "figures": {"load_s": 1.25, "rest": {"p50_ms": 7.5, "p95_ms": 9.75}},
}


def predicted_mask(missed_columns: int) -> np.ndarray:
    """The true mask without the car's first columns."""
    mask = draw_mask()
    mask[:, 30 : 30 + missed_columns] = 0
    return mask


def _overlap(classes: ClassNames) -> Measuring:
    measures = MeasureSet(
        measures=(OverlapMeasure(classes=classes),),
        class_names=classes.names,
        replicates=0,
    )
    return Measuring(classes=classes, measures=measures)


def make_facts(
    *, missed: tuple[int, ...] = (0, 8, 16, 24), per_class: int = 2, **changes: Any
) -> ReportFacts:
    """Photos `car_<n>`, in each of which `n` of the car's 32 columns are missed.

    The evaluation measured overlap alone, drew no intervals and counted no groups.
    """
    taxonomy = changes.pop("taxonomy", TAXONOMY)
    classes = ClassNames.from_taxonomy(taxonomy)
    measuring = _overlap(classes)
    book, whole, answers = ScoreBook(len(classes.names)), measuring.nothing(), {}
    for columns in missed:
        name = changes.get("prefix", "car_") + f"{columns:02d}"
        record, mask = make_record(name, seed=columns), predicted_mask(columns)
        score = score_photo(record, encode(mask), task="car", classes=classes)
        book.add(score)
        answers[score.record_key] = (record, encode(mask))
        masks = PhotoMasks(truth=draw_mask(), prediction=mask)
        whole.add(measuring.of_photo(masks, name.encode()))
    choices = choose_photos(book, per_class=per_class, background_id=0)
    layers = {
        key: draw_layers(
            *answers[key],
            task="car",
            table=ClassTable.from_taxonomy(taxonomy),
            class_ids=[1, 2],
        )
        for key in {choice.photo.record_key for choice in choices}
    }
    changes.pop("prefix", None)
    numbers = {
        name: value
        for name, value in whole.numbers().items()
        if not name.startswith("groups")
    }
    return ReportFacts(
        **{
            "taxonomy": taxonomy,
            "verdict": VERDICT,
            "measured": Measured(numbers={(): numbers, (("view", "front"),): numbers}),
            "live": Measured(numbers={}),
            "matrix": whole.totals.matrix,
            "photos": ShownPhotos(book=book, choices=choices, layers=layers),
            "history": HISTORY,
            "audit": AUDIT,
            "package": {"packaged": True, "reasons": []},
            "validation": VALIDATION,
            "lineage": {
                "data_fingerprint": "abc123",
                "versions": {"keras": "3.6.0"},
                "config": {"training": {"epochs": 3}},
            },
            "artifacts": [
                InputArtifact(channel="model", type_name="Model", mlmd_id=17)
            ],
        }
        | changes
    )
