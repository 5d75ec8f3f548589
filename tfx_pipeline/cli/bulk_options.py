"""Options of the verbs that predict very many photos."""

from __future__ import annotations

import argparse

from tfx_pipeline.cli.predict_model import find_model
from tfx_pipeline.config.beam import BeamConfig
from tfx_pipeline.config.overrides import assigned
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.usage_error import UsageError

BATCH_SIZE = 8
# About ten seconds of work of a small network on two cores: what a kill costs.
CHUNK_SIZE = 64


def add_bulk_options(parser: argparse.ArgumentParser) -> None:
    """Adds the model, the photos, and how the work is cut."""
    parser.add_argument(
        "--model",
        required=True,
        metavar="DIR",
        help="SavedModel, or folder of version folders, of which the highest counts",
    )
    parser.add_argument(
        "--images", required=True, metavar="DIR", help="folder with the photos"
    )
    parser.add_argument(
        "--taxonomy",
        metavar="FILE",
        help="JSON with the classes' names and colours (the model's own)",
    )
    parser.add_argument(
        "--batch",
        type=int,
        default=BATCH_SIZE,
        metavar="PHOTOS",
        help="photos that the model gets at once (%(default)s)",
    )
    parser.add_argument(
        "--chunk",
        type=int,
        default=CHUNK_SIZE,
        metavar="PHOTOS",
        help="photos that a killed run does again at most (%(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="processes of Beam, each with the model in memory (%(default)s)",
    )
    parser.add_argument(
        "--beam",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="where Beam does the work, such as engine=flink; may be given several"
        " times, see docs/beam.md",
    )


def check_bulk_options(args: argparse.Namespace) -> None:
    """Refuses, before anything heavy is loaded, what cannot be."""
    for name in ("batch", "chunk", "workers"):
        value = getattr(args, name)
        if value < 1:
            raise UsageError(f"--{name} must be 1 or more, got {value}")
    find_model(args.model)
    bulk_beam(args)


def bulk_beam(args: argparse.Namespace) -> BeamConfig:
    """Returns the engine of --workers and --beam."""
    try:
        config = PipelineConfig(beam=BeamConfig(workers=args.workers))
        return assigned(config, [f"beam.{field}" for field in args.beam]).beam
    except ValueError as err:
        raise UsageError(f"--beam: {err}") from err
