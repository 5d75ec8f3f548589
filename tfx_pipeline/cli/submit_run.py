"""`carseg submit-run`: a compiled pipeline on Kubeflow Pipelines, started."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from tfx_pipeline.cli.exit_codes import DONE, FAILED
from tfx_pipeline.cli.options import add_json_option
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.kubeflow.package import read_package
from tfx_pipeline.runners.kubeflow.submit import Submission, submit, wait_for

_LONGEST_POLL_S = 3600


def add_submit_run_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `carseg submit-run`."""
    parser.add_argument("--host", required=True, help="URL of Kubeflow Pipelines")
    parser.add_argument(
        "--pipeline",
        default="pipeline.yaml",
        metavar="FILE",
        help="what carseg compile has written (%(default)s)",
    )
    parser.add_argument("--run-name", metavar="NAME", help="(the pipeline's, and time)")
    parser.add_argument(
        "--experiment", default="carseg", metavar="NAME", help="(%(default)s)"
    )
    parser.add_argument(
        "--namespace", metavar="NAME", help="profile, where there are several users"
    )
    parser.add_argument(
        "--token-file", metavar="FILE", help="holds a bearer token for the API"
    )
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        dest="params",
        help="a runtime parameter; may be given several times",
    )
    parser.add_argument(
        "--wait",
        action="store_true",
        help="until the run has ended; exit 1 if it fails",
    )
    parser.add_argument(
        "--poll-s",
        type=float,
        default=10.0,
        metavar="S",
        help="seconds between two questions while waiting (%(default)s)",
    )
    add_json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Starts a run; with --wait, exit 1 unless it succeeds."""
    _check_poll(args.poll_s)
    path = Path(args.pipeline)
    now = datetime.datetime.now(datetime.timezone.utc)
    name = args.run_name or f"{read_package(path).name} {now:%Y-%m-%d %H:%M:%S}"
    submission = Submission(
        host=args.host,
        package=path,
        run_name=name,
        experiment=args.experiment,
        namespace=args.namespace,
        token=_token(args.token_file),
        parameters=_parameters(args.params),
    )
    started = submit(submission)
    if args.wait:
        print(f"run {started.run_id}: {started.url}", file=sys.stderr)
        started = wait_for(submission, started, poll_s=args.poll_s, on_state=_say)
    answer = {"run_id": started.run_id, "url": started.url, "state": started.state}
    if args.json:
        print(json.dumps(answer, indent=2))
    else:
        print("\n".join(f"{key}: {value}" for key, value in answer.items()))
    return FAILED if args.wait and not started.succeeded else DONE


def _check_poll(poll_s: float) -> None:
    # Found out while waiting it would end the command, but not the run.
    if not 0 < poll_s <= _LONGEST_POLL_S:
        raise UsageError(
            f"--poll-s must be above 0 and at most {_LONGEST_POLL_S}, got {poll_s}"
        )


def _say(state: str) -> None:
    print(state, file=sys.stderr, flush=True)


def _token(file: str | None) -> str | None:
    if file is None:
        return None
    try:
        token = Path(file).read_text("utf-8").strip()
    except OSError as err:
        raise UsageError(f"cannot read --token-file {file}: {err.strerror}") from err
    if not token or len(token.split()) > 1:
        raise UsageError(f"--token-file must hold one token, got {file}")
    return token


def _parameters(assignments: Iterable[str]) -> dict[str, str]:
    values = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name:
            raise UsageError(f"--param must look like name=value, got {assignment!r}")
        values[name] = value
    return values
