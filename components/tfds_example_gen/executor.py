"""From a builder's dotted path to an Examples artifact."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from absl import logging
from tfx import types
from tfx.components.util import examples_utils
from tfx.dsl.components.base import base_beam_executor
from tfx.proto import example_gen_pb2
from tfx.types import artifact_utils

from components.tfds_example_gen.copy_shards import CopyShards, shard_copies
from components.tfds_example_gen.named_dataset import find_named_dataset
from components.tfds_example_gen.prepare import (
    PreparedDataset,
    dataset_folder,
    prepare_dataset,
)


class Executor(base_beam_executor.BaseBeamExecutor):
    """Prepares the dataset, copies its shards, carries the skipped list on."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Runs the node; see `component.py` for its inputs and outputs."""
        with _data_dir(exec_properties["data_dir"]) as data_dir:
            prepared = self._prepare(data_dir, exec_properties)
            self._take_over(prepared, output_dict)
            logging.info("Ingested %s, skipped %s", prepared.examples, prepared.skipped)

    def _prepare(
        self, data_dir: str, exec_properties: Mapping[str, Any]
    ) -> PreparedDataset:
        named = find_named_dataset(
            exec_properties["dataset"],
            find_builder=exec_properties["find_builder"],
            manual_dir=exec_properties["manual_dir"],
            builder_kwargs=json.loads(exec_properties["builder_kwargs"]),
        )
        return prepare_dataset(
            builder=named.builder,
            builder_kwargs=named.builder_kwargs,
            folder=dataset_folder(
                data_dir,
                named.builder,
                named.builder_kwargs,
                exec_properties["content_fingerprint"],
                exec_properties["code_fingerprint"],
            ),
            beam_pipeline_args=self._beam_pipeline_args,
        )

    def _take_over(
        self, prepared: PreparedDataset, output_dict: dict[str, list[types.Artifact]]
    ) -> None:
        examples = artifact_utils.get_single_instance(output_dict["examples"])
        self._write_examples(prepared.shards, examples)
        skipped = artifact_utils.get_single_instance(output_dict["skipped"])
        target = Path(skipped.uri, prepared.skipped_file.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prepared.skipped_file, target)

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


@contextlib.contextmanager
def _data_dir(configured: str) -> Iterator[str]:
    """Gives the folder for prepared datasets; without one, for the time being."""
    if configured:
        yield configured
        return
    with tempfile.TemporaryDirectory(prefix="carseg-data-") as folder:
        yield folder
