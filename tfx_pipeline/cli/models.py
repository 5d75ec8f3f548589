"""`carseg models list`: the networks, their size, and what of them can be set."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from typing import Any

from tfx_pipeline.cli.exit_codes import DONE
from tfx_pipeline.cli.table import table
from tfx_pipeline.config.model import ModelConfig

# Parameters are counted at this size and with car and background.
SIZE_PX = 256
NUM_CLASSES = 2
_LINE_WIDTH = 88


def run(args: argparse.Namespace) -> int:
    """Builds each network with its defaults and prints what it is."""
    print("loading Keras ...", file=sys.stderr)
    # Imported here: it takes seconds, and wrong usage answers before it.
    from tfx_pipeline.modeling.registry import MODELS

    summary = {
        "height_px": SIZE_PX,
        "width_px": SIZE_PX,
        "classes": NUM_CLASSES,
        "models": [
            {
                "name": name,
                "parameters": _count_parameters(name),
                "summary": model.summary,
                "options": _defaults(model.options),
            }
            for name, model in MODELS.items()
        ],
    }
    print(json.dumps(summary, indent=2) if args.json else _describe(summary))
    return DONE


def _count_parameters(name: str) -> int:
    from tfx_pipeline.modeling.registry import build_model

    model = build_model(
        ModelConfig(name=name),
        num_classes=NUM_CLASSES,
        height_px=SIZE_PX,
        width_px=SIZE_PX,
    )
    return int(model.count_params())


def _defaults(options: tuple[str, ...]) -> dict[str, Any]:
    return {option: getattr(ModelConfig(), option) for option in options}


def _describe(summary: dict[str, Any]) -> str:
    models = summary["models"]
    rows = [[entry["name"], entry["parameters"], entry["summary"]] for entry in models]
    options = "\n".join(_options_of(entry) for entry in models)
    return (
        f"{table(['model', 'parameters', 'what it is'], rows)}\n\n"
        f"parameters at {summary['height_px']} x {summary['width_px']} px with"
        f" {summary['classes']} classes and the options' defaults:\n{options}\n"
        "choose with --set model.name=NAME, change with --set model.OPTION=VALUE"
    )


def _options_of(entry: dict[str, Any]) -> str:
    words = " ".join(f"{name}={value}" for name, value in entry["options"].items())
    return textwrap.fill(
        f"{entry['name']}: {words}",
        width=_LINE_WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
    )
