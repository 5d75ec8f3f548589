"""Artifacts in, the rules, two artifacts out: the blessing and the verdict."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from absl import logging
from tfx import types
from tfx.components.evaluator import constants
from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
from tfx.dsl.io import fileio
from tfx.types import artifact_utils
from tfx.utils import io_utils

from components.live_model.existing_models import damage_of, existing_models
from components.model_gate.change_rules import judge_changes
from components.model_gate.comparability import compare_with, judge_own_taxonomy
from components.model_gate.evaluation_reader import (
    BASELINE,
    CANDIDATE,
    read_measured,
)
from components.model_gate.measure_mean_mask import measure_mean_mask
from components.model_gate.measurements import whole
from components.model_gate.saved_model_facts import read_model_facts
from components.model_gate.standing_rules import judge_standing_rules
from components.model_gate.thresholds import GateThresholds
from components.model_gate.value_rules import judge_values
from components.model_gate.verdict import Verdict
from components.segmentation_metrics.class_names import ClassNames

Artifacts = dict[str, list[types.Artifact]]


class Executor(BaseBeamExecutor):
    """Executor of `ModelGate`."""

    def Do(
        self,
        input_dict: Artifacts,
        output_dict: Artifacts,
        exec_properties: dict[str, Any],
    ) -> None:
        """Judges the model; findings are written, never raised."""
        self._log_startup(input_dict, output_dict, exec_properties)
        verdict = self._judge(input_dict, output_dict, exec_properties)
        _write_verdict(
            verdict, artifact_utils.get_single_instance(output_dict["verdict"])
        )
        blessing = artifact_utils.get_single_instance(output_dict["blessing"])
        _write_blessing(verdict, blessing, input_dict)
        if "current_component_id" in exec_properties:
            blessing.set_string_custom_property(
                "component_id", exec_properties["current_component_id"]
            )
        for reason in verdict.reasons:
            logging.warning("The model is refused: %s", reason)

    def _judge(
        self,
        input_dict: Artifacts,
        output_dict: Artifacts,
        exec_properties: Mapping[str, Any],
    ) -> Verdict:
        task = exec_properties["task"]
        taxonomy = json.loads(exec_properties["taxonomy"])
        thresholds = GateThresholds.from_dict(json.loads(exec_properties["thresholds"]))
        evaluation = artifact_utils.get_single_uri(input_dict["evaluation"])
        measured = read_measured(evaluation)
        candidate = measured[CANDIDATE]
        model = artifact_utils.get_single_instance(input_dict["model"])
        live = existing_models(input_dict.get("baseline_model"))
        baseline = compare_with(
            read_model_facts(live[0]) if live else None,
            measured[BASELINE],
            examples=whole(candidate.numbers, "examples"),
            taxonomy=taxonomy,
            signature_name=exec_properties["signature_name"],
            damage=damage_of(input_dict.get("baseline_model")),
        )
        examples = artifact_utils.get_single_instance(input_dict["examples"])
        mean_mask = measure_mean_mask(
            train_files=_split_files(examples, exec_properties["train_split"]),
            test_files=_split_files(examples, exec_properties["test_split"]),
            task=task,
            taxonomy=taxonomy,
            work_dir=artifact_utils.get_single_uri(output_dict["verdict"]),
            beam_pipeline_args=self._beam_pipeline_args,
        )
        names = ClassNames.from_taxonomy(taxonomy).names
        return Verdict(
            task=task,
            min_groups=thresholds.min_groups,
            results=[
                *judge_own_taxonomy(read_model_facts(model), taxonomy),
                *judge_standing_rules(
                    candidate.numbers, mean_mask, thresholds.mean_mask_margin
                ),
                *judge_values(candidate, thresholds, names),
                *judge_changes(candidate, baseline, thresholds, names),
            ],
        )


def _split_files(examples: types.Artifact, split: str) -> list[str]:
    if split not in artifact_utils.decode_split_names(examples.split_names):
        return []
    uri = artifact_utils.get_split_uri([examples], split)
    return sorted(fileio.glob(f"{uri}/data_tfrecord-*"))


def _write_verdict(verdict: Verdict, artifact: types.Artifact) -> None:
    report = json.dumps(verdict.to_dict(), indent=1, sort_keys=True, ensure_ascii=False)
    io_utils.write_string_file(
        os.path.join(artifact.uri, "verdict.json"), report + "\n"
    )
    io_utils.write_string_file(
        os.path.join(artifact.uri, "verdict.txt"), verdict.to_text()
    )
    artifact.set_int_custom_property("blessed", int(verdict.blessed))
    artifact.set_string_custom_property(
        "reasons", json.dumps(verdict.reasons, ensure_ascii=False)
    )


def _write_blessing(
    verdict: Verdict, blessing: types.Artifact, input_dict: Artifacts
) -> None:
    """Writes what Evaluator would: TFX's Pusher and Resolver read these properties."""
    model = artifact_utils.get_single_instance(input_dict["model"])
    blessing.set_string_custom_property(
        constants.ARTIFACT_PROPERTY_CURRENT_MODEL_URI_KEY, model.uri
    )
    blessing.set_int_custom_property(
        constants.ARTIFACT_PROPERTY_CURRENT_MODEL_ID_KEY, model.id
    )
    for live in existing_models(input_dict.get("baseline_model")):
        blessing.set_string_custom_property(
            constants.ARTIFACT_PROPERTY_BASELINE_MODEL_URI_KEY, live.uri
        )
        blessing.set_int_custom_property(
            constants.ARTIFACT_PROPERTY_BASELINE_MODEL_ID_KEY, live.id
        )
    name = (
        constants.BLESSED_FILE_NAME
        if verdict.blessed
        else constants.NOT_BLESSED_FILE_NAME
    )
    io_utils.write_string_file(os.path.join(blessing.uri, name), "")
    blessing.set_int_custom_property(
        constants.ARTIFACT_PROPERTY_BLESSED_KEY,
        constants.BLESSED_VALUE if verdict.blessed else constants.NOT_BLESSED_VALUE,
    )
