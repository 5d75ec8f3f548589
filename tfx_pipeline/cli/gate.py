"""`carseg gate`: says what the newest run decided, and by which rules."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tfx_pipeline.cli.exit_codes import DONE, FAILED, REFUSED
from tfx_pipeline.cli.gate_decisions import JudgedModel, JudgedRun, read_newest_run
from tfx_pipeline.cli.gate_text import verdict_lines, why_blocks
from tfx_pipeline.cli.judges import APPROVAL, GATE, PUSHER, SERVING_CHECK
from tfx_pipeline.cli.options import add_json_option
from tfx_pipeline.cli.run_lookup import RUN_HELP, run_root
from tfx_pipeline.config.usage_error import UsageError

_SERVING_KEYS = ("blessed", "reasons", "checks", "figures")


def add_gate_options(parser: argparse.ArgumentParser) -> None:
    """Adds the run, --why and --json."""
    parser.add_argument("run", nargs="?", metavar="RUN", help=RUN_HELP)
    parser.add_argument("--root", help="the same, as carseg run takes it")
    parser.add_argument(
        "--why",
        action="store_true",
        help="every rule with its number and bound, and what a server and a person"
        " said (--json always has it)",
    )
    add_json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Prints the verdict of the newest run; exit 3 where something was refused."""
    judged = read_newest_run(_root(args))
    if args.json:
        print(json.dumps(summarize(judged), ensure_ascii=False, indent=2))
    elif args.why:
        print("\n\n".join(why_blocks(judged)))
    else:
        print("\n".join(verdict_lines(judged)))
    if not judged.blessed:
        return REFUSED
    if judged.unfinished:
        print(
            f"{', '.join(judged.unfinished)} failed or has not ended in run"
            f" {judged.run_id}, so this is no whole verdict; run the pipeline again",
            file=sys.stderr,
        )
        return FAILED
    return DONE


def _root(args: argparse.Namespace) -> Path:
    if args.run and args.root:
        raise UsageError(
            f"RUN and --root name the same folder, got {args.run} and {args.root};"
            " give one of them"
        )
    return run_root(args.run or args.root)


def summarize(judged: JudgedRun) -> dict[str, Any]:
    """Returns the JSON object."""
    return {
        "run": judged.run_id,
        "blessed": judged.blessed,
        "unfinished": list(judged.unfinished),
        "data_reasons": list(judged.data_reasons),
        "models": [_model(model) for model in judged.models],
    }


def _model(model: JudgedModel) -> dict[str, Any]:
    answers = model.answers
    serving = answers.get(SERVING_CHECK)
    return {
        "candidate": model.candidate,
        "blessed": model.refused_by is None,
        "refused_by": model.refused_by,
        "reasons": model.reasons,
        "rules": list(answers[GATE]["rules"]) if GATE in answers else [],
        "serving": serving and {key: serving.get(key) for key in _SERVING_KEYS},
        "approval": answers.get(APPROVAL),
        "pushed": answers.get(PUSHER),
    }
