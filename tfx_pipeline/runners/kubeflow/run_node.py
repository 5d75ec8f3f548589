"""Runs one node in its container: what `carseg compile` makes every command of.

It takes the arguments of TFX's `kubeflow_v2_run_executor` and one more, and calls it,
between what has to be repaired before (`executor_input`) and after (`executor_output`).
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# A bucket that is mounted elsewhere than the launcher's folders, or a test.
ROOT_VARIABLE = "CARSEG_ARTIFACT_ROOT"
_MESSAGES = {
    "--json_serialized_invocation_args": "ExecutorInput",
    "--json_serialized_inputs_spec_args": "ComponentInputsSpec",
    "--json_serialized_outputs_spec_args": "ComponentOutputsSpec",
}
_OUR_PACKAGES = ("tfx_pipeline", "components", "tfds_builders", "serving")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the node of the arguments; returns the exit code.

    An error of ours that a user can mend ends with one line, any other one with its
    traceback.
    """
    args, beam_args = _parser().parse_known_args(argv)
    try:
        _run(args, beam_args)
    except ValueError as err:
        if not _is_ours(err):
            raise
        print(f"carseg: {' '.join(str(err).split())}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Runs one node of a compiled pipeline; called by Kubeflow.",
        epilog="Arguments that are not listed go to Beam.",
        allow_abbrev=False,
    )
    parser.add_argument("--executor_class_path", required=True, metavar="CLASS")
    for name, message in _MESSAGES.items():
        parser.add_argument(name, required=True, metavar="JSON", help=message)
    return parser


def _run(args: argparse.Namespace, beam_args: list[str]) -> None:
    # Imported here: they load TFX, and --help answers before.
    from google.protobuf import json_format
    from kfp.pipeline_spec import pipeline_spec_pb2 as spec
    from tfx.orchestration.kubeflow.v2.container import (
        kubeflow_v2_entrypoint_utils,
        kubeflow_v2_run_executor,
    )

    from tfx_pipeline.runners.kubeflow.executor_input import localize
    from tfx_pipeline.runners.kubeflow.executor_output import restore

    def read(text: str, message: Any) -> Any:
        return json_format.Parse(text, message, ignore_unknown_fields=True)

    executor_input = read(args.json_serialized_invocation_args, spec.ExecutorInput())
    kept = localize(
        executor_input,
        read(args.json_serialized_inputs_spec_args, spec.ComponentInputsSpec()),
        read(args.json_serialized_outputs_spec_args, spec.ComponentOutputsSpec()),
        os.environ.get(ROOT_VARIABLE, "/"),
    )
    args.json_serialized_invocation_args = json_format.MessageToJson(executor_input)
    kubeflow_v2_run_executor.main((args, beam_args))
    name_from_id: dict[int, str] = {}
    kubeflow_v2_entrypoint_utils.parse_raw_artifact_dict(
        executor_input.inputs.artifacts, name_from_id
    )
    restore(Path(executor_input.outputs.output_file), kept, name_from_id)


def _is_ours(err: ValueError) -> bool:
    """Tells whether our code raised the error, or its class is ours."""
    *_, (frame, _) = traceback.walk_tb(err.__traceback__)
    modules = type(err).__module__, frame.f_globals.get("__name__", "")
    return any(module.partition(".")[0] in _OUR_PACKAGES for module in modules)


if __name__ == "__main__":
    sys.exit(main())
