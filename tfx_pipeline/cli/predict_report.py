"""What `carseg predict` says at its end: a table, a CSV file, one JSON object."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import Any

from serving.client import ModelMetadata
from tfx_pipeline.cli.exit_codes import DONE, FAILED
from tfx_pipeline.cli.predict_all import Outcome
from tfx_pipeline.cli.predict_classes import Classes
from tfx_pipeline.cli.predict_files import AREAS_HEAD, OutputFolder, write_own
from tfx_pipeline.cli.table import table


def report(
    outcome: Outcome,
    metadata: ModelMetadata,
    classes: Classes,
    out: OutputFolder,
    *,
    as_json: bool,
) -> int:
    """Writes the table of areas, prints the results; returns the exit code."""
    write_own(out.areas_file, areas_csv(outcome, classes).encode("utf-8"))
    if as_json:
        summary = _summary(outcome, metadata, classes, out)
        print(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        print(_describe(outcome, classes, out))
    tried = len(outcome.predicted) + len(outcome.failed)
    if outcome.failed:
        print(
            f"carseg: {len(outcome.failed)} of {tried} photos have no mask",
            file=sys.stderr,
        )
    if outcome.stopped:
        print(
            f"carseg: stopped after {tried} photos: {outcome.stopped}", file=sys.stderr
        )
    return FAILED if outcome.failed or outcome.stopped else DONE


def areas_csv(outcome: Outcome, classes: Classes) -> str:
    """Returns one row per photo and class, absent classes included."""
    out = io.StringIO(newline="")
    out.write(AREAS_HEAD)
    writer = csv.writer(out)
    for entry in outcome.predicted:
        for class_id, area in enumerate(entry.areas):
            writer.writerow(
                [
                    *(entry.photo, entry.height, entry.width),
                    f"{entry.confidence:.6g}",
                    *(class_id, classes.names[class_id], f"{area:.6g}"),
                    *(entry.mask.as_posix(), entry.overlay.as_posix()),
                ]
            )
    return out.getvalue()


def _summary(
    outcome: Outcome, metadata: ModelMetadata, classes: Classes, out: OutputFolder
) -> dict[str, Any]:
    return {
        "model": {"name": metadata.name, "version": metadata.version},
        "classes": list(classes.names),
        "photos": [
            {
                "photo": entry.photo,
                "height": entry.height,
                "width": entry.width,
                "confidence": entry.confidence,
                "areas": dict(zip(classes.names, entry.areas, strict=True)),
                "mask": str(entry.mask),
                "overlay": str(entry.overlay),
            }
            for entry in outcome.predicted
        ],
        "failed": [
            {"photo": entry.photo, "reason": entry.reason} for entry in outcome.failed
        ],
        "stopped": outcome.stopped or None,
        "areas": str(out.areas_file),
    }


def _describe(outcome: Outcome, classes: Classes, out: OutputFolder) -> str:
    rows = [
        [entry.photo, classes.names[class_id], area * 100]
        for entry in outcome.predicted
        for class_id, area in enumerate(entry.areas)
        if area > 0
    ]
    return (
        f"{table(['photo', 'class', 'area %'], rows)}\n\n"
        f"masks and overlays of {len(outcome.predicted)} photos, and all areas:"
        f" {out.areas_file}"
    )
