"""`carseg compile`: the pipeline as a file for Kubeflow Pipelines v2."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tfx_pipeline.cli.exit_codes import DONE
from tfx_pipeline.cli.options import (
    add_config_options,
    add_json_option,
    config_of_run,
)
from tfx_pipeline.runners.kubeflow.mounts import check_folders, unmounted_folders
from tfx_pipeline.runners.kubeflow.package import check_package_path, write_package
from tfx_pipeline.runners.kubeflow.target import Target, check_pipeline_name


def add_compile_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `carseg compile`."""
    add_config_options(parser)
    parser.add_argument("--image", required=True, help="container image of this code")
    parser.add_argument(
        "--pipeline-root",
        required=True,
        metavar="URI",
        help="where artifacts are kept: s3://, gs:// or minio:// with a bucket",
    )
    parser.add_argument(
        "--described-by",
        metavar="DIR",
        help="folder here with the files from which the dataset reads its classes;"
        " --manual-dir is the one in the containers",
    )
    parser.add_argument(
        "--out",
        default="pipeline.yaml",
        metavar="FILE",
        help="(%(default)s)",
    )
    add_json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Writes the file; says which nodes are in it."""
    target = Target(
        image=args.image,
        pipeline_root=args.pipeline_root,
        described_by=args.described_by,
    )
    path = Path(args.out)
    check_package_path(path)
    config = config_of_run(args, data_is_here=False)
    check_pipeline_name(config.run.name)
    check_folders(config)
    print("loading TFX ...", file=sys.stderr)
    # Imported here: it takes half a minute, and wrong usage answers before it.
    from tfx_pipeline.runners.kubeflow.compile import compile_package

    package = compile_package(config, target)
    write_package(package, path)
    for sentence in unmounted_folders(config):
        print(f"carseg: {sentence}", file=sys.stderr)
    if args.json:
        answer = {
            "path": str(path),
            "pipeline": package.name,
            "nodes": package.nodes,
            "parameters": package.parameters,
            "platform_spec": package.platform is not None,
        }
        print(json.dumps(answer, indent=2))
    else:
        print(f"{path}: {package.name} with {len(package.nodes)} nodes")
    return DONE
