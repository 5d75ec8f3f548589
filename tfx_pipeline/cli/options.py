"""Options that several verbs share, and the configuration that they make."""

from __future__ import annotations

import argparse
from typing import Any

from components.source_fingerprint.content_fingerprint import check_folder
from tfx_pipeline.config.builders import builder_path
from tfx_pipeline.config.overrides import assigned, read_yaml
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.presets import PRESETS, preset
from tfx_pipeline.config.usage_error import UsageError


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Adds --json."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object to stdout"
    )


def add_config_options(parser: argparse.ArgumentParser) -> None:
    """Adds preset, YAML file and single overrides, applied in this order."""
    parser.add_argument(
        "--preset",
        default="smoke",
        metavar="NAME",
        help=f"{', '.join(PRESETS)} (%(default)s)",
    )
    parser.add_argument("--config", metavar="FILE", help="YAML file of overrides")
    parser.add_argument(
        "--dataset",
        metavar="NAME[/CONFIG]",
        help="builder to read instead of the preset's, with its own defaults",
    )
    parser.add_argument("--task", help="which mask to learn (the dataset's first)")
    _add_overrides(parser)


def add_dataset_options(parser: argparse.ArgumentParser) -> None:
    """Adds the dataset's name and where it lies."""
    parser.add_argument(
        "dataset", metavar="NAME[/CONFIG]", help="builder, such as synthetic_cars"
    )
    parser.add_argument("--task", help="which mask to judge or draw (the first one)")
    parser.add_argument(
        "--data-dir",
        default="carseg_data",
        metavar="DIR",
        help="folder for prepared datasets (%(default)s)",
    )
    _add_overrides(parser)


def _add_overrides(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--manual-dir", metavar="DIR", help="folder as the data's owner publishes it"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="STAGE.FIELD=VALUE",
        dest="assignments",
        help="override one field; may be given several times",
    )


def config_of_run(
    args: argparse.Namespace, *, data_is_here: bool = True
) -> PipelineConfig:
    """Returns the configuration that preset, file and overrides make.

    Args:
        args: What the command line says.
        data_is_here: Whether the folder of the data must be on this machine.
    """
    try:
        config = preset(args.preset)
        config = config.replaced(read_yaml(args.config) if args.config else {})
        if getattr(args, "root", None):
            config = config.replaced({"run": {"root": args.root}})
        return _overridden(_of_other_dataset(config, args), args, data_is_here)
    except ValueError as err:
        raise UsageError(str(err)) from err


def _of_other_dataset(
    config: PipelineConfig, args: argparse.Namespace
) -> PipelineConfig:
    """Applies --dataset and --task; options and task were for the preset's dataset."""
    if args.dataset:
        values = _named_dataset(args.dataset)
        if values["builder"] != config.data.builder:
            values |= {"task": None, "options": {}, "manual_dir": None}
        config = config.replaced({"data": values})
    return config.replaced({"data": {"task": args.task}}) if args.task else config


def _named_dataset(text: str) -> dict[str, Any]:
    builder, _, named = text.partition("/")
    return {"builder": builder, "config": named or None}


def config_of_dataset(args: argparse.Namespace) -> PipelineConfig:
    """Returns the configuration of `carseg data`, defaults for the rest."""
    values = {"data": _named_dataset(args.dataset)}
    try:
        return _overridden(PipelineConfig().replaced(values), args)
    except ValueError as err:
        raise UsageError(str(err)) from err


def _overridden(
    config: PipelineConfig, args: argparse.Namespace, data_is_here: bool = True
) -> PipelineConfig:
    """Applies folder and --set; refuses a dataset that is not there."""
    if args.manual_dir:
        config = config.replaced({"data": {"manual_dir": args.manual_dir}})
    config = assigned(config, args.assignments)
    builder_path(config.data.builder)
    if data_is_here and config.data.manual_dir is not None:
        check_folder(config.data.manual_dir)
    return config
