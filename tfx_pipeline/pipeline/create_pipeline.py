"""Wires the nodes; decides nothing but which stages there are."""

from __future__ import annotations

from typing import Any

from tfx.v1 import components as tfx_components
from tfx.v1 import dsl
from tfx.v1.orchestration import metadata

from components.dataset_auditor.component import DatasetAuditor
from components.tfds_example_gen.component import TfdsExampleGen
from tfx_pipeline.pipeline.plan import Plan


def create_pipeline(plan: Plan) -> dsl.Pipeline:
    """Returns the pipeline of a plan."""
    return dsl.Pipeline(
        pipeline_name=plan.config.run.name,
        pipeline_root=plan.pipeline_root,
        components=data_nodes(plan),
        enable_cache=plan.config.run.cache,
        metadata_connection_config=metadata.sqlite_metadata_connection_config(
            plan.metadata_path
        ),
        beam_pipeline_args=plan.config.beam.pipeline_args(),
    )


def data_nodes(plan: Plan) -> list[Any]:
    """Returns ingest, statistics, validation and audit."""
    example_gen = TfdsExampleGen(
        builder=plan.builder,
        builder_kwargs=plan.builder_kwargs,
        data_dir=plan.data_dir,
        content_fingerprint=plan.content_fingerprint,
        code_fingerprint=plan.code_fingerprints["TfdsExampleGen"],
    )
    examples = example_gen.outputs["examples"]
    schema = tfx_components.ImportSchemaGen(schema_file=plan.schema_file)
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
        task=plan.config.data.task,
        taxonomy=plan.taxonomy,
        tolerances=plan.config.audit,
        code_fingerprint=plan.code_fingerprints["DatasetAuditor"],
    )
    return [example_gen, schema, statistics, validator, auditor]
