"""Compiles the pipeline of a configuration for Kubeflow Pipelines v2."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tfx.orchestration.data_types import RuntimeParameter

from tfx_pipeline.config.kernels import kernel_environment
from tfx_pipeline.config.kubeflow_node import NodeOptions
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.pipeline.create_pipeline import create_pipeline
from tfx_pipeline.pipeline.node_ids import looks_outside
from tfx_pipeline.pipeline.places import Places
from tfx_pipeline.pipeline.plan import Plan
from tfx_pipeline.runners.described_dataset import dataset_name
from tfx_pipeline.runners.kubeflow.check_spec import check_spec
from tfx_pipeline.runners.kubeflow.ir_repairs import kubeflow_name, repaired
from tfx_pipeline.runners.kubeflow.mounts import push_directory
from tfx_pipeline.runners.kubeflow.node_settings import platform_spec, settle_nodes
from tfx_pipeline.runners.kubeflow.package import Package
from tfx_pipeline.runners.kubeflow.target import Target, check_pipeline_name
from tfx_pipeline.runners.local_places import signed_file
from tfx_pipeline.runners.make_plan import plan_at

# TFX's own entry point reads no artifact that Kubeflow's launcher has put down.
COMMAND = ("python", "-m", "tfx_pipeline.runners.kubeflow.run_node")


def compile_package(config: PipelineConfig, target: Target) -> Package:
    """Returns the pipeline in Kubeflow's form; the same input gives the same package.

    Nothing is looked at but the installed code, the builder's classes and the files
    that the configuration names on this machine (a signed approval, starting weights).

    Raises:
        UsageError: Something cannot run on Kubeflow, or fits nothing.
    """
    check_pipeline_name(config.run.name)
    try:
        from tfx.orchestration.kubeflow.v2 import kubeflow_v2_dag_runner as tfx_runner
    except ImportError as err:
        raise UsageError(
            f"carseg compile needs the package kfp, which fails to load: {err}"
        ) from err
    defaults = runtime_defaults(config)
    pipeline = create_pipeline(_plan(config, target, defaults))
    runner = tfx_runner.KubeflowV2DagRunner(
        tfx_runner.KubeflowV2DagRunnerConfig(
            default_image=target.image,
            default_commands=list(COMMAND),
            use_pipeline_spec_2_1=True,
        )
    )
    job = runner.run(pipeline, write_out=False)
    spec = repaired(
        job["pipelineSpec"], pipeline_root=target.pipeline_root, defaults=defaults
    )
    check_spec(spec)
    options = {
        kubeflow_name(node.id): _options(config, node.id)
        for node in pipeline.components
    }
    settle_nodes(spec, options)
    return Package(spec=spec, platform=platform_spec(spec, options))


def _options(config: PipelineConfig, node_id: str) -> NodeOptions:
    options = config.kubeflow.options(node_id)
    # What such a node sees lies outside of Kubeflow's cache key.
    cache = options.cache and config.run.cache and not looks_outside(node_id)
    environment = {**kernel_environment(config.training), **options.env}
    return dataclasses.replace(options, cache=cache, env=environment)


def runtime_defaults(config: PipelineConfig) -> dict[str, str | int]:
    """Returns what a person may change when a run starts, with what it is otherwise."""
    return {
        "data_path": config.data.manual_dir or "",
        "dataset": dataset_name(config.data),
        "steps": 0,  # batches per epoch as the configuration says
    }


def _plan(
    config: PipelineConfig, target: Target, defaults: dict[str, str | int]
) -> Plan:
    places = _places(config, target, defaults)
    try:
        return plan_at(config, places)
    except UsageError as err:
        if places.described_by is None and "--manual-dir" in str(err):
            raise UsageError(
                f"{err}; to compile, a folder with the files that describe its classes"
                " is enough: --described-by DIR"
            ) from err
        raise


def _places(
    config: PipelineConfig, target: Target, defaults: dict[str, str | int]
) -> Places:
    parameters = {
        name: RuntimeParameter(name=name, ptype=type(value), default=value)
        for name, value in defaults.items()
    }
    return Places(
        pipeline_root=target.pipeline_root,
        metadata_path=None,
        data_dir="",
        resume_root=config.kubeflow.resume_directory or "",
        push_directory=push_directory(config),
        dataset=parameters["dataset"],
        manual_dir=parameters["data_path"],
        steps=parameters["steps"],
        described_by=target.described_by or _folder_here(config.data.manual_dir),
        approval=signed_file(config.push.approval),
    )


def _folder_here(folder: str | None) -> str | None:
    return folder if folder and Path(folder).is_dir() else None
