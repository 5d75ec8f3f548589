"""Executors of two nodes that take no time: one writes, one reads what it wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tfx import types
from tfx.components.evaluator import constants
from tfx.dsl.components.base.base_executor import BaseExecutor
from tfx.types import artifact_utils

from tfx_pipeline.config.usage_error import UsageError

Artifacts = dict[str, list[types.Artifact]]


class WriterExecutor(BaseExecutor):
    """Writes a model's file and facts, a word, and nothing into `empty`."""

    def Do(
        self, input_dict: Artifacts, output_dict: Artifacts, exec_properties: Any
    ) -> None:
        model = artifact_utils.get_single_instance(output_dict["model"])
        Path(model.uri, "weights").write_text("1 2 3", "utf-8")
        model.set_int_custom_property("blessed", exec_properties["blessed"])
        model.set_string_custom_property("file", f"{model.uri}/weights")
        _ = model.mlmd_artifact.custom_properties["never_set"]
        output_dict["word"][0].value = exec_properties["word"]


class ReaderExecutor(BaseExecutor):
    """Writes what it saw as JSON; fails on demand."""

    def Do(
        self, input_dict: Artifacts, output_dict: Artifacts, exec_properties: Any
    ) -> None:
        if exec_properties["fault"] == "ours":
            raise UsageError("give\nanother word")
        if exec_properties["fault"] == "a library's":
            int(exec_properties["fault"])
        model = artifact_utils.get_single_instance(input_dict["model"])
        blessing = artifact_utils.get_single_instance(output_dict["blessing"])
        blessing.set_int_custom_property(
            constants.ARTIFACT_PROPERTY_CURRENT_MODEL_ID_KEY, model.id
        )
        seen = {
            "weights": Path(model.uri, "weights").read_text("utf-8"),
            "blessed": model.get_int_custom_property("blessed"),
            "word": input_dict["word"][0].read(),
            "given_word": exec_properties["given_word"],
            "empty": sorted(Path(input_dict["empty"][0].uri).iterdir()),
            "count": exec_properties["count"],
        }
        Path(blessing.uri, "seen.json").write_text(json.dumps(seen), "utf-8")
