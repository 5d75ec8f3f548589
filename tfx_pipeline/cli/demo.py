"""`carseg demo`: the whole product on drawn cars, from photos to a served mask."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.cli.exit_codes import DONE, FAILED, REFUSED
from tfx_pipeline.cli.run import run_pipeline
from tfx_pipeline.cli.run_summary import describe, summarize
from tfx_pipeline.config.presets import smoke

if TYPE_CHECKING:  # their modules load TFX, NumPy and Pillow
    from tfx_pipeline.cli.predict_all import Outcome
    from tfx_pipeline.runners.run_result import RunResult

PREVIEW_FILE = "preview.png"
PREDICTIONS = "predictions"
SERVED = "serve and predict"


def run(args: argparse.Namespace) -> int:
    """Runs the smoke preset, serves what was pushed, predicts unseen photos."""
    root = Path(args.root)
    preview = root / PREVIEW_FILE
    result = run_pipeline(smoke().replaced({"run": {"root": args.root}}), preview)
    summary = summarize(result, preview)
    served = None
    if result.blessed:
        started = time.monotonic()
        served = _predict_unseen(result, root)
        took = round(time.monotonic() - started, 3)
        summary["stages"].append({"node": SERVED, "state": "DONE", "seconds": took})
    summary |= _headline(summary, served)
    print(json.dumps(summary, indent=2) if args.json else _describe(summary, root))
    if served is None:
        return REFUSED
    return DONE if served.predicted and not served.failed else FAILED


def _predict_unseen(result: RunResult, root: Path) -> Outcome:
    """Starts a server on the pushed model for as long as it predicts."""
    # Imported here: NumPy, Pillow and the client.
    from tfx_pipeline.cli.predict_files import OutputFolder
    from tfx_pipeline.cli.predict_inputs import find_photos
    from tfx_pipeline.cli.predict_model import find_model
    from tfx_pipeline.cli.predict_served import predict_served
    from tfx_pipeline.cli.predict_server import serve_model
    from tfx_pipeline.cli.unseen_photos import draw_unseen_photos

    model = result.models[0]
    assert model.pushed_model is not None, "a blessed run has pushed its model"
    photos = draw_unseen_photos(root / "unseen")
    print("serving the pushed model ...", file=sys.stderr, flush=True)
    name = model.pushed_model.parent.name
    with serve_model(find_model(str(model.pushed_model)), name) as url:
        return predict_served(
            url,
            find_photos([str(photos)]),
            Taxonomy.from_dict(result.taxonomy),
            OutputFolder.at(root / PREDICTIONS),
            model_name=name,
        ).outcome


def _headline(
    summary: Mapping[str, Any], served: Outcome | None
) -> dict[str, float | str | list[str] | None]:
    """Returns what a program asks for first."""
    first = summary["models"][0] if summary["models"] else {"figures": {}}
    return {
        "test_miou": first["figures"].get("miou"),
        "pushed_model": first.get("pushed_model"),
        "report": first.get("report"),
        "overlays": [str(photo.overlay) for photo in served.predicted]
        if served
        else [],
    }


def _describe(summary: Mapping[str, Any], root: Path) -> str:
    text = describe(summary)
    if not summary["overlays"]:
        return text
    versions = Path(summary["pushed_model"]).parent
    return (
        f"{text}\n\nserved: {len(summary['overlays'])} photos that no training has seen"
        f"\n  overlays: {root / PREDICTIONS}\n\nwhat next:"
        f"\n  carseg report {root} --open"
        f"\n  carseg serve --rest_api_port=8501 --model_name={versions.name}"
        f" --model_base_path={versions}"
        f"\n  carseg predict YOUR_PHOTOS --server http://127.0.0.1:8501 --out masks"
    )
