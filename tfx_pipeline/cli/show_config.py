"""`carseg show-config`: the whole configuration that a run would use."""

from __future__ import annotations

import argparse
import json

import yaml

from tfx_pipeline.cli.exit_codes import DONE
from tfx_pipeline.cli.options import config_of_run


def run(args: argparse.Namespace) -> int:
    """Prints the configuration as YAML, which `--config` reads back, or as JSON."""
    values = config_of_run(args).to_dict()
    if args.json:
        print(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        print(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), end="")
    return DONE
