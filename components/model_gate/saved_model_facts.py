"""What an exported model says of itself, read without loading it."""

from __future__ import annotations

import json

from tensorflow.core.protobuf import saved_model_pb2
from tfx.dsl.io import fileio
from tfx.types import Artifact
from tfx.utils import path_utils

from components.model_gate.comparability import ModelFacts

TAXONOMY_ASSET = "assets/taxonomy.json"


def read_model_facts(model: Artifact) -> ModelFacts:
    """Reads signatures and taxonomy of a `Model` artifact; neither may be there."""
    folder = path_utils.serving_model_path(
        model.uri, path_utils.is_old_model_artifact(model)
    )
    return ModelFacts(
        signatures=_read_signatures(f"{folder}/saved_model.pb"),
        taxonomy=_read_json(f"{folder}/{TAXONOMY_ASSET}"),
    )


def _read_signatures(path: str) -> list[str]:
    if not fileio.exists(path):
        return []
    with fileio.open(path, "rb") as stream:
        saved_model = saved_model_pb2.SavedModel.FromString(stream.read())
    graphs = saved_model.meta_graphs
    names = {name for graph in graphs for name in graph.signature_def}
    return sorted(names - {"__saved_model_init_op"})


def _read_json(path: str) -> dict | None:
    if not fileio.exists(path):
        return None
    with fileio.open(path) as stream:
        return json.load(stream)
