"""The nodes that ingest, describe, validate and audit the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tfx import components as tfx_components

from components.dataset_auditor.component import DatasetAuditor
from components.record_schema.component import RecordSchema
from components.source_fingerprint.component import SourceFingerprint
from components.tfds_example_gen.component import TfdsExampleGen
from tfx_pipeline.config.builders import FIND_BUILDER
from tfx_pipeline.pipeline.node_ids import model_name
from tfx_pipeline.pipeline.plan import Plan


@dataclass(frozen=True, kw_only=True)
class DataNodes:
    """The nodes, for those that follow to hang on.

    `source` is there where the machine that runs has to look for itself.
    """

    source: Any | None
    example_gen: Any
    schema: Any
    statistics: Any
    validator: Any
    auditor: Any

    def all(self) -> list[Any]:
        """Returns the nodes in an order that they may run in."""
        first = [] if self.source is None else [self.source]
        return [
            *first,
            self.example_gen,
            self.schema,
            self.statistics,
            self.validator,
            self.auditor,
        ]


def looked_up(source: Any, name: str) -> Any:
    """Returns what the first node found, as value of an execution property."""
    return source.outputs[name].future()[0].value


def data_nodes(plan: Plan) -> DataNodes:
    """Returns ingest, schema, statistics, validation and audit."""
    content = plan.places.content_fingerprint
    source = _source(plan) if content is None else None
    example_gen = TfdsExampleGen(
        dataset=plan.places.dataset,
        find_builder=FIND_BUILDER,
        manual_dir=plan.places.manual_dir,
        builder_kwargs=plan.builder_kwargs,
        data_dir=plan.places.data_dir,
        content_fingerprint=(
            content if source is None else looked_up(source, "content_fingerprint")
        ),
        code_fingerprint=plan.code_fingerprints["TfdsExampleGen"],
    )
    examples = example_gen.outputs["examples"]
    schema = RecordSchema(
        schema_text=plan.schema_text,
        code_fingerprint=plan.code_fingerprints["RecordSchema"],
    )
    statistics = tfx_components.StatisticsGen(
        examples=examples, schema=schema.outputs["schema"]
    )
    validator = tfx_components.ExampleValidator(
        statistics=statistics.outputs["statistics"], schema=schema.outputs["schema"]
    )
    auditor = DatasetAuditor(
        examples=examples,
        anomalies=validator.outputs["anomalies"],
        skipped=example_gen.outputs["skipped"],
        task=plan.task,
        taxonomy=plan.taxonomy,
        tolerances=plan.config.audit,
        slice_features=plan.slice_features,
        code_fingerprint=plan.code_fingerprints["DatasetAuditor"],
    )
    return DataNodes(
        source=source,
        example_gen=example_gen,
        schema=schema,
        statistics=statistics,
        validator=validator,
        auditor=auditor,
    )


def _source(plan: Plan) -> Any:
    places, name = plan.places, plan.config.package.model_name
    return SourceFingerprint(
        dataset=places.dataset,
        find_builder=FIND_BUILDER,
        manual_dir=places.manual_dir,
        verify_bytes=plan.config.data.verify_bytes,
        builder_kwargs=plan.builder_kwargs,
        compiled=plan.compiled,
        code_fingerprints_of=plan.code_fingerprints_of,
        destinations={
            candidate: (places.push_directory, model_name(name, candidate))
            for candidate in plan.trainers
        },
    )
