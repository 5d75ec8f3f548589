"""Looks at what only the machine that runs can see; says it as cache keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils

from components.dotted_path import import_by_path
from components.live_model.live_version import live_fingerprint
from components.model_pusher.open_destination import open_destination
from components.source_fingerprint.compiled_facts import CompiledFacts
from components.source_fingerprint.content_fingerprint import content_fingerprint
from components.tfds_example_gen.named_dataset import (
    NamedDataset,
    find_named_dataset,
    read_record_facts,
)

CONTENT, LIVE = "content_fingerprint", "live_fingerprint"


class Executor(base_executor.BaseExecutor):
    """Executor of `SourceFingerprint`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Checks code and dataset, then writes both fingerprints."""
        self._log_startup(input_dict, output_dict, exec_properties)
        facts = CompiledFacts.from_dict(json.loads(exec_properties["compiled"]))
        fingerprints_of = import_by_path(exec_properties["code_fingerprints_of"])
        facts.check_code(fingerprints_of(facts.builder))
        content = content_fingerprint(
            exec_properties["manual_dir"] or None,
            verify_bytes=bool(exec_properties["verify_bytes"]),
        )
        named = _named_dataset(exec_properties)
        _check_dataset(named, facts, exec_properties["dataset"])
        if named.builder != facts.builder:
            # The key that was compiled into TfdsExampleGen is of the other builder.
            code = fingerprints_of(named.builder)["TfdsExampleGen"]
            content = hashlib.sha256(f"{content}\0{code}".encode()).hexdigest()
        _write(output_dict, CONTENT, content)
        _write(output_dict, LIVE, _live(json.loads(exec_properties["destinations"])))


def _named_dataset(exec_properties: Mapping[str, Any]) -> NamedDataset:
    return find_named_dataset(
        exec_properties["dataset"],
        find_builder=exec_properties["find_builder"],
        manual_dir=exec_properties["manual_dir"],
        builder_kwargs=json.loads(exec_properties["builder_kwargs"]),
    )


def _check_dataset(named: NamedDataset, facts: CompiledFacts, dataset: str) -> None:
    try:
        records = read_record_facts(named)
    except TypeError as err:  # an option of another builder
        raise ValueError(
            "the dataset of a run must take the options that were compiled,"
            f" {dataset} does not: {err}; compile anew with --dataset {dataset}"
        ) from err
    facts.check_dataset(dataset, records.taxonomies, records.own_slices)


def _live(destinations: Mapping[str, list[str]]) -> str:
    """Returns the fingerprint of each model's live version, as one text."""
    found = {
        name: live_fingerprint(open_destination(directory, model_name))
        for name, (directory, model_name) in sorted(destinations.items())
    }
    return json.dumps(found)


def _write(
    output_dict: Mapping[str, list[types.Artifact]], name: str, text: str
) -> None:
    artifact_utils.get_single_instance(output_dict[name]).value = text
