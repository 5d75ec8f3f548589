"""Adds pixel counts and steps to what `run_fn` gets, then trains as TFX does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tfx import types
from tfx.components.trainer.executor import GenericExecutor
from tfx.dsl.io import fileio
from tfx.proto import trainer_pb2
from tfx.types import artifact_utils
from tfx.utils import json_utils, proto_utils

from components.audited_trainer.class_pixels import class_pixels

AUDIT = "audit"
STEPS, STEPS_FIELD = "steps", "steps_field"
CLASS_PIXELS = "audit_class_pixels"
_AUDIT_FILE = "audit.json"
_TRAIN_SPLIT = "train"


class Executor(GenericExecutor):
    """Executor of `AuditedTrainer`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Trains; `custom_config` also has pixel counts, and steps, where given."""
        inputs, properties = dict(input_dict), dict(exec_properties)
        config = json_utils.loads(properties["custom_config"]) or {}
        audits = inputs.pop(AUDIT, None)
        if audits:
            uri = artifact_utils.get_single_instance(audits).uri
            with fileio.open(f"{uri}/{_AUDIT_FILE}") as stream:
                report = json.load(stream)
            config[CLASS_PIXELS] = class_pixels(report, _trained_split(properties))
        steps = properties.pop(STEPS, None)
        field = properties.pop(STEPS_FIELD, None)
        if steps:
            config = with_steps(config, json_utils.loads(field), steps)
        properties["custom_config"] = json_utils.dumps(config)
        super().Do(inputs, output_dict, properties)


def with_steps(
    config: Mapping[str, Any], field: Sequence[str], steps: int
) -> dict[str, Any]:
    """Returns a config whose number at a place is another one.

    Example:
        >>> with_steps({"training": {"most": None}, "seed": 1}, ["training", "most"], 5)
        {'training': {'most': 5}, 'seed': 1}
    """
    if steps < 0:
        raise ValueError(
            f"steps must be 0, for what the configuration says, or more, got {steps}"
        )
    key, *rest = field
    if not rest:
        return {**config, key: steps}
    return {**config, key: with_steps(config[key], rest, steps)}


def _trained_split(properties: dict[str, Any]) -> str:
    train_args = trainer_pb2.TrainArgs()
    proto_utils.json_to_proto(properties["train_args"], train_args)
    if len(train_args.splits) > 1:
        raise ValueError(
            "a Trainer with an audit must train on one split, got"
            f" {', '.join(train_args.splits)}; name one in train_args"
        )
    return train_args.splits[0] if train_args.splits else _TRAIN_SPLIT
