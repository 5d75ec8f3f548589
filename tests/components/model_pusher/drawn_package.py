"""A packaged model that no server loads: drawn files and their manifest."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

from components.model_pusher.packaged_model import (
    MANIFEST_FILE,
    PackagedModel,
    read_packaged_model,
)

SIZES = {
    "saved_model.pb": 70_001,
    "variables/variables.data-00000-of-00001": 1_200_000,
    "variables/variables.index": 1_300,
    "assets/taxonomy.json": 400,
}


def draw_package(folder: Path, seed: int, *, card: bytes = b"{}") -> PackagedModel:
    rng = random.Random(seed)
    contents = {name: rng.randbytes(size) for name, size in SIZES.items()}
    stated = {}
    for name, content in {**contents, "assets.extra/card.json": card}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        stated[name] = {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    manifest = folder / MANIFEST_FILE
    manifest.write_text(json.dumps({"files": stated}))
    return read_packaged_model(folder)


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
