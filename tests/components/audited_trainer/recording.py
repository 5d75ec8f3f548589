"""A `run_fn` that trains nothing: it writes down what it was given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def run_fn(fn_args: Any) -> None:
    folder = Path(fn_args.serving_model_dir)
    folder.mkdir(parents=True)
    given = {
        "custom_config": fn_args.custom_config,
        "train_files": fn_args.train_files,
        "eval_files": fn_args.eval_files,
        "base_model": fn_args.base_model,
    }
    (folder / "given.json").write_text(json.dumps(given), "utf-8")
