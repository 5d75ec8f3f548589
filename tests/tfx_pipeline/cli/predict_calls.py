"""Calls `carseg predict` in this process, and draws what it is called with."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.serving.client.drawn_requests import draw_photo, encode
from tfx_pipeline.cli.predict import add_predict_options, run

TAXONOMY = {
    "dataset": "drawn",
    "task": "colour",
    "licence": "CC0-1.0",
    "commercial": "yes",
    "background_id": 0,
    "void_id": 255,
    "classes": [
        {"id": 0, "name": "background", "rgb": [0, 0, 0]},
        {"id": 1, "name": "red", "rgb": [255, 128, 0]},
        {"id": 2, "name": "blue", "rgb": [0, 200, 255]},
    ],
}


def predict(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    add_predict_options(parser)
    return run(parser.parse_args([str(argument) for argument in arguments]))


def write_photo(
    path: Path, seed: int = 1, kind: str = "PNG", **options: object
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(draw_photo(seed), kind, **options))
    return path


def write_taxonomy(folder: Path, classes: int = 3) -> Path:
    path = folder / "taxonomy.json"
    fields = TAXONOMY | {"classes": TAXONOMY["classes"][:classes]}
    path.write_text(json.dumps(fields))
    return path
