"""From a builder's dotted path to an Examples artifact."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from absl import logging
from tfx import types
from tfx.components.util import examples_utils
from tfx.dsl.components.base import base_beam_executor
from tfx.proto import example_gen_pb2
from tfx.types import artifact_utils

from components.tfds_example_gen.copy_shards import CopyShards, shard_copies
from components.tfds_example_gen.prepare import dataset_folder, prepare_dataset


class Executor(base_beam_executor.BaseBeamExecutor):
    """Prepares the dataset, copies its shards, carries the skipped list on."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Runs the node; see `component.py` for its inputs and outputs."""
        builder = exec_properties["builder"]
        builder_kwargs = json.loads(exec_properties["builder_kwargs"])
        prepared = prepare_dataset(
            builder=builder,
            builder_kwargs=builder_kwargs,
            folder=dataset_folder(
                exec_properties["data_dir"],
                builder,
                builder_kwargs,
                exec_properties["content_fingerprint"],
                exec_properties["code_fingerprint"],
            ),
            beam_pipeline_args=self._beam_pipeline_args,
        )
        examples = artifact_utils.get_single_instance(output_dict["examples"])
        self._write_examples(prepared.shards, examples)
        skipped = artifact_utils.get_single_instance(output_dict["skipped"])
        target = Path(skipped.uri, prepared.skipped_file.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prepared.skipped_file, target)
        logging.info("Ingested %s, skipped %s", prepared.examples, prepared.skipped)

    def _write_examples(self, shards: Any, examples: types.Artifact) -> None:
        examples.split_names = artifact_utils.encode_split_names(list(shards))
        examples_utils.set_payload_format(
            examples, example_gen_pb2.PayloadFormat.FORMAT_TF_EXAMPLE
        )
        split_uris = {
            split: artifact_utils.get_split_uri([examples], split) for split in shards
        }
        for uri in split_uris.values():
            Path(uri).mkdir(parents=True, exist_ok=True)
        with self._make_beam_pipeline() as pipeline:
            _ = pipeline | CopyShards(copies=tuple(shard_copies(shards, split_uris)))
