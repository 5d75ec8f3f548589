"""What `carseg run` prints when it is done: one object, and its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfx_pipeline.cli.approval_line import approval_line
from tfx_pipeline.cli.table import table

if TYPE_CHECKING:  # its module loads TFX
    from tfx_pipeline.runners.run_result import ModelResult, RunResult

# What a model's lines are called, and where they stand in its object.
_PLACES = {
    "report:": "report",
    "verdict:": "verdict",
    "training:": "training",
    "packaged:": "packaged_model",
    "pushed:": "pushed_model",
}


def summarize(result: RunResult, preview: Path | None = None) -> dict[str, Any]:
    """Returns the JSON object of a finished run."""
    return {
        "run": result.record.run_id,
        "blessed": result.blessed,
        "data": {
            "blessed": result.data_blessed,
            "reasons": result.audit["reasons"],
            "splits": result.audit["splits"],
        },
        "models": [_model(model) for model in result.models],
        "stages": [
            {"node": stage.node, "state": stage.state, "seconds": stage.seconds}
            for stage in result.stages
        ],
        "audit": str(result.audit_folder / "audit.html"),
        "log": str(result.log_file),
        **({"preview": str(preview)} if preview else {}),
    }


def _model(model: ModelResult) -> dict[str, Any]:
    return {
        "candidate": model.candidate,
        "blessed": model.blessed,
        "reasons": list(model.reasons),
        "figures": dict(model.figures),
        "verdict": str(model.verdict_file),
        "training": str(model.model_run),
        "packaged_model": _path(model.packaged_model),
        "report": str(model.report),
        "serving": dict(model.serving["figures"]) if model.serving else None,
        "pushed": dict(model.pushed) if model.pushed else None,
        "pushed_model": _path(model.pushed_model),
    }


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path)


def describe(summary: Mapping[str, Any]) -> str:
    """Returns the same for a terminal."""
    stages = table(
        ["stage", "state", "seconds"],
        [list(stage.values()) for stage in summary["stages"]],
    )
    data = summary["data"]
    splits = table(
        ["split", "examples", "groups"],
        [
            [name, split["examples"], split["groups"]]
            for name, split in data["splits"].items()
        ],
    )
    paths = {
        f"{name}:": summary[name]
        for name in ("audit", "preview", "log")
        if name in summary
    }
    blocks = [
        stages,
        splits,
        "\n".join([_verdict("data", data["blessed"]), *_listed(data["reasons"])]),
        *("\n".join(_describe_model(model)) for model in summary["models"]),
        "\n".join(f"{name:<10}{path}" for name, path in paths.items()),
    ]
    return "\n\n".join(blocks)


def _describe_model(model: Mapping[str, Any]) -> Iterator[str]:
    name = f"model {model['candidate']}".strip()
    yield _verdict(name, model["blessed"])
    yield from _listed(model["reasons"])
    figures = model["figures"]
    yield (
        f"  test mIoU {_number(figures['miou'])}, foreground mIoU"
        f" {_number(figures['foreground_miou'])}, pixel accuracy"
        f" {_number(figures['pixel_accuracy'])} (all background would have"
        f" {_number(figures['all_background_accuracy'])})"
    )
    per_class = [
        f"{name.partition('/')[2]} {_number(value)}"
        for name, value in figures.items()
        if name.startswith("iou/")
    ]
    yield f"  IoU: {', '.join(per_class)}"
    for name, key in _PLACES.items():
        if model[key]:
            yield f"  {name:<10}{model[key]}"
    pushed = model["pushed"]
    if pushed and pushed["pushed"]:
        yield f"  {pushed['sentence']}"
        if pushed.get("approval"):
            yield f"  {approval_line(pushed['approval'])}"


def _verdict(what: str, blessed: bool) -> str:
    return f"{what} blessed" if blessed else f"{what} REFUSED"


def _listed(reasons: list[str]) -> list[str]:
    return [f"  - {reason}" for reason in reasons]


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
