"""The `carseg` command: reads arguments, calls one verb, tells by its exit code."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import traceback
import warnings
from collections.abc import Sequence

from tfds_builders.listing import WrongFolderError
from tfds_builders.skipped_sources import TooManySkippedError
from tfx_pipeline.cli.bulk_predict_all import add_predict_all_options
from tfx_pipeline.cli.compare import add_compare_options
from tfx_pipeline.cli.compile import add_compile_options
from tfx_pipeline.cli.data_palette import add_palette_options
from tfx_pipeline.cli.data_preview import add_preview_options
from tfx_pipeline.cli.exit_codes import FAILED, REFUSED, WRONG_USAGE
from tfx_pipeline.cli.gate import add_gate_options
from tfx_pipeline.cli.interrupts import sure_interrupt
from tfx_pipeline.cli.options import (
    add_config_options,
    add_dataset_options,
    add_json_option,
)
from tfx_pipeline.cli.predict import add_predict_options
from tfx_pipeline.cli.report import add_report_options
from tfx_pipeline.cli.submit import add_submit_options
from tfx_pipeline.cli.submit_run import add_submit_run_options
from tfx_pipeline.config.usage_error import UsageError

_INTERRUPTED = "carseg: interrupted; run the same command to go on"

# Verb -> module whose `run(args) -> int` does the work. Imported only when called, so
# that --help and wrong usage answer at once.
_COMMANDS = {
    "demo": "tfx_pipeline.cli.demo",
    "data": "tfx_pipeline.cli.data",
    "run": "tfx_pipeline.cli.run",
    "gate": "tfx_pipeline.cli.gate",
    "report": "tfx_pipeline.cli.report",
    "compare": "tfx_pipeline.cli.compare",
    "serve": "tfx_pipeline.cli.serve",
    "predict": "tfx_pipeline.cli.predict",
    "predict-all": "tfx_pipeline.cli.bulk_predict_all",
    "submit": "tfx_pipeline.cli.submit",
    "compile": "tfx_pipeline.cli.compile",
    "submit-run": "tfx_pipeline.cli.submit_run",
    "models": "tfx_pipeline.cli.models",
    "show-config": "tfx_pipeline.cli.show_config",
    "doctor": "tfx_pipeline.cli.doctor",
}


def build_parser() -> argparse.ArgumentParser:
    """Returns the parser of all verbs."""
    parser = argparse.ArgumentParser(
        prog="carseg",
        description="From folders of car photos to a served segmentation model.",
        epilog="exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by a gate",
    )
    parser.add_argument(
        "--debug", action="store_true", help="show the traceback of an error"
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    demo = verbs.add_parser("demo", help="draw cars, train, push, serve and predict")
    demo.add_argument(
        "--root", default="carseg_runs/demo", help="folder of the run (%(default)s)"
    )
    add_json_option(demo)
    _add_data_verbs(verbs)
    run = verbs.add_parser("run", help="run the pipeline on this machine")
    add_config_options(run)
    run.add_argument("--root", help="folder of artifacts, data and ML Metadata")
    add_json_option(run)
    add_gate_options(
        verbs.add_parser("gate", help="say what a run decided; exit 3 when it refused")
    )
    add_report_options(
        verbs.add_parser("report", help="find the report of a run, and open it")
    )
    add_compare_options(
        verbs.add_parser("compare", help="tell how far runs or models lie apart")
    )
    _add_serve_verb(verbs)
    add_predict_options(
        verbs.add_parser("predict", help="draw masks and overlays of photos")
    )
    _add_bulk_verbs(verbs)
    add_compile_options(
        verbs.add_parser("compile", help="write the pipeline for Kubeflow Pipelines v2")
    )
    add_submit_run_options(
        verbs.add_parser("submit-run", help="start a compiled pipeline on Kubeflow")
    )
    models = verbs.add_parser("models", help="say which networks there are")
    listed = models.add_subparsers(dest="action", required=True, metavar="ACTION")
    list_parser = listed.add_parser("list", help="name, size and options of each")
    add_json_option(list_parser)
    show = verbs.add_parser("show-config", help="print a whole configuration as YAML")
    add_config_options(show)
    add_json_option(show)
    doctor = verbs.add_parser("doctor", help="check this machine and its installation")
    add_json_option(doctor)
    return parser


def _add_bulk_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add_predict_all_options(
        verbs.add_parser(
            "predict-all", help="masks, areas and COCO of a folder of very many photos"
        )
    )
    add_submit_options(
        verbs.add_parser("submit", help="write the file that a competition scores")
    )


def _add_serve_verb(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    # All that follows is the server's, its --help too: else argparse keeps --help, and
    # every flag that comes first, for itself.
    parser = verbs.add_parser(
        "serve",
        help="serve models as TensorFlow Serving does, with its flags",
        add_help=False,
        prefix_chars="+",
    )
    parser.add_argument("flags", nargs=argparse.REMAINDER, metavar="FLAG ...")


def _add_data_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    data = verbs.add_parser(
        "data", help="build, audit or preview a dataset, or its colours"
    )
    actions = data.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, words in (
        ("build", "ingest a dataset and say what it holds"),
        ("audit", "ingest and judge a dataset; exit 3 when it is refused"),
        ("preview", "draw photos with their masks, or augmented copies of them"),
    ):
        parser = actions.add_parser(action, help=words)
        add_dataset_options(parser)
        add_json_option(parser)
        if action == "preview":
            add_preview_options(parser)
    palette = actions.add_parser(
        "palette", help="draw the colours of a folder of masks"
    )
    add_palette_options(palette)
    add_json_option(palette)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    # Read by TensorFlow's C++ side at import: no greetings of its.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    args = build_parser().parse_args(argv)
    name = _COMMANDS[args.verb]
    try:
        with sure_interrupt(_end_interrupted):
            code: int = importlib.import_module(name).run(args)
    except KeyboardInterrupt:
        print(_INTERRUPTED, file=sys.stderr)
        return FAILED
    except (UsageError, WrongFolderError) as err:
        return _say(err, WRONG_USAGE, args.debug)
    except TooManySkippedError as err:
        return _say(err, REFUSED, args.debug)
    except (ValueError, OSError) as err:
        return _say(err, FAILED, args.debug)
    return code


def _end_interrupted() -> None:
    print(_INTERRUPTED, file=sys.stderr, flush=True)
    os._exit(FAILED)


def _say(err: Exception, code: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    print(f"carseg: {' '.join(str(err).split())}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
