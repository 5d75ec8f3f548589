"""The nodes that ingest, describe, validate and audit the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tfx import components as tfx_components
from tfx.components.schema_gen.import_schema_gen.component import ImportSchemaGen

from components.dataset_auditor.component import DatasetAuditor
from components.tfds_example_gen.component import TfdsExampleGen
from tfx_pipeline.pipeline.plan import Plan


@dataclass(frozen=True, kw_only=True)
class DataNodes:
    """The nodes, for those that follow to hang on."""

    example_gen: Any
    schema: Any
    statistics: Any
    validator: Any
    auditor: Any

    def all(self) -> list[Any]:
        """Returns the nodes in an order that they may run in."""
        return [
            self.example_gen,
            self.schema,
            self.statistics,
            self.validator,
            self.auditor,
        ]


def data_nodes(plan: Plan) -> DataNodes:
    """Returns ingest, schema, statistics, validation and audit."""
    example_gen = TfdsExampleGen(
        builder=plan.builder,
        builder_kwargs=plan.builder_kwargs,
        data_dir=plan.data_dir,
        content_fingerprint=plan.content_fingerprint,
        code_fingerprint=plan.code_fingerprints["TfdsExampleGen"],
    )
    examples = example_gen.outputs["examples"]
    schema = ImportSchemaGen(schema_file=plan.schema_file)
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
        example_gen=example_gen,
        schema=schema,
        statistics=statistics,
        validator=validator,
        auditor=auditor,
    )
