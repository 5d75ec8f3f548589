"""From a configuration to a plan: looks at sources, code and taxonomy."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.model_approval.signed_file import SignedFile, read_signed_file
from components.segmentation_metrics.condition_names import CONDITIONS
from components.segmentation_metrics.eval_config import (
    EVALUATOR_MODULE,
    METRIC_MODULE,
)
from components.tfds_example_gen.prepare import dataset_folder, import_builder
from tfds_builders.record_settings import RECORD_BUILDER_ARGUMENTS
from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.config.builders import builder_path
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.transform_settings import TransformSettings
from tfx_pipeline.config.unknown_name import unknown_name
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.pipeline.plan import Plan
from tfx_pipeline.pipeline.record_schema import (
    SLICE_FEATURES,
    check_slice_features,
    check_task,
    schema_text,
)
from tfx_pipeline.runners.code_fingerprint import code_fingerprint
from tfx_pipeline.runners.content_fingerprint import content_fingerprint
from tfx_pipeline.runners.lineage import describe_lineage
from tfx_pipeline.runners.pushed_versions import (
    destination_fingerprints,
    push_directory,
)
from tfx_pipeline.runners.trainer_plans import trainers_of
from tfx_pipeline.runners.workspace import Workspace

_TFDS = "tensorflow_datasets."
# Other fields of the configuration fill the arguments that every builder takes.
_NOT_OPTIONS = {"self", "kwargs", *RECORD_BUILDER_ARGUMENTS}


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A builder with its arguments, what its records hold and where they go."""

    builder: str
    builder_kwargs: Mapping[str, Any]
    taxonomies: Mapping[str, Mapping[str, Any]]
    slice_features: tuple[str, ...]
    content_fingerprint: str
    code_fingerprint: str
    folder: Path


def find_dataset(
    config: PipelineConfig, data_dir: Path, task: str | None = None
) -> Dataset:
    """Returns the configured dataset; refuses wrong names before any work.

    Args:
        config: The configuration.
        data_dir: Folder for prepared datasets.
        task: The task that is wanted; None asks for no certain one.

    Raises:
        UsageError: Name, folder, option or task fit nothing.
    """
    try:
        dataset = _find_dataset(config, data_dir)
        if task is not None:
            check_task(task, dataset.taxonomies, config.data.builder)
        known = (*dataset.slice_features, *CONDITIONS)
        check_slice_features(config.evaluate.slice_features, known)
    except (ValueError, FileNotFoundError, NotADirectoryError) as err:
        raise UsageError(str(err)) from err
    return dataset


def _find_dataset(config: PipelineConfig, data_dir: Path) -> Dataset:
    data = config.data
    builder = builder_path(data.builder)
    content = content_fingerprint(data.manual_dir, verify_bytes=data.verify_bytes)
    builder_class = import_builder(builder)
    _check_names(builder_class, data.builder, data.config, data.options)
    kwargs = {
        "manual_dir": str(Path(data.manual_dir).resolve()) if data.manual_dir else None,
        "keep_metadata": config.privacy.keep_metadata,
        "max_skipped_share": data.max_skipped_share,
        "examples_per_shard": data.examples_per_shard,
        **({"config": data.config} if data.config else {}),
        **data.options,
    }
    code = code_fingerprint(
        "components.tfds_example_gen.component", builder.rpartition(".")[0]
    )
    folder = dataset_folder(str(data_dir), builder, kwargs, content, code)
    instance = builder_class(data_dir=str(folder), **kwargs)
    return Dataset(
        builder=builder,
        builder_kwargs=kwargs,
        taxonomies={
            task: taxonomy.to_dict() for task, taxonomy in instance.taxonomies().items()
        },
        slice_features=(*SLICE_FEATURES, *instance.SLICE_FEATURES),
        content_fingerprint=content,
        code_fingerprint=code,
        folder=folder,
    )


def make_plan(config: PipelineConfig, workspace: Workspace) -> Plan:
    """Returns the plan of a configuration in a workspace."""
    approval = _signed_file(config.push.approval)
    dataset = find_dataset(config, workspace.data_dir, config.data.task)
    task = config.data.task or next(iter(dataset.taxonomies))
    config = config.replaced({"data": {"task": task}})
    schema = schema_text(dataset.taxonomies, dataset.slice_features)
    taxonomy = Taxonomy.from_dict(dataset.taxonomies[task])
    pipeline_root = workspace.pipeline_root(config.run.name)
    code_fingerprints = _code_fingerprints(dataset)
    push_to = push_directory(config, workspace)
    return Plan(
        config=config,
        builder=dataset.builder,
        builder_kwargs=dataset.builder_kwargs,
        taxonomy=taxonomy.to_dict(),
        slice_features=dataset.slice_features,
        schema_file=str(workspace.write_schema(schema)),
        data_dir=str(workspace.data_dir),
        pipeline_root=str(pipeline_root),
        metadata_path=str(workspace.metadata_path),
        content_fingerprint=dataset.content_fingerprint,
        code_fingerprints=code_fingerprints,
        transform=TransformSettings(
            task=task,
            prepare=config.prepare,
            flip_ids=taxonomy.flip_ids(),
            seed=config.training.seed,
            code_fingerprint=code_fingerprints["Transform"],
        ),
        trainers=trainers_of(
            config, taxonomy, pipeline_root, code_fingerprints["Trainer"]
        ),
        push_directory=push_to,
        approval=approval,
        destination_fingerprints=destination_fingerprints(
            config, push_to, workspace.metadata_path
        ),
        lineage=describe_lineage(
            config,
            builder=dataset.builder,
            content_fingerprint=dataset.content_fingerprint,
            code_fingerprints=code_fingerprints,
        ),
    )


def _signed_file(path: str | None) -> SignedFile | None:
    try:
        return None if path is None else read_signed_file(path)
    except ValueError as err:
        raise UsageError(f"push.approval: {err}") from err


def _code_fingerprints(dataset: Dataset) -> dict[str, str]:
    modules = {
        "DatasetAuditor": ("components.dataset_auditor.component",),
        "Transform": ("tfx_pipeline.modules.transform",),
        "Trainer": (
            "tfx_pipeline.modules.trainer",
            "components.audited_trainer.component",
        ),
        "Evaluator": (METRIC_MODULE, EVALUATOR_MODULE),
        "ModelGate": ("components.model_gate.component",),
        "ModelPackager": ("components.model_packager.component",),
        # The server that it starts is part of what it finds out.
        "ServingValidator": (
            "components.serving_validator.component",
            "serving.server.__main__",
        ),
        "ModelApproval": ("components.model_approval.component",),
        "ModelPusher": ("components.model_pusher.component",),
        "EvaluationReporter": ("components.evaluation_report.component",),
    }
    return {
        "TfdsExampleGen": dataset.code_fingerprint,
        **{node: code_fingerprint(*names) for node, names in modules.items()},
    }


def _check_names(
    builder_class: Any, name: str, config: str | None, options: Mapping[str, Any]
) -> None:
    configs = list(builder_class.builder_configs)
    if config is not None and config not in configs:
        raise ValueError(unknown_name(f"configuration of {name}", config, configs))
    known = [
        parameter
        for cls in builder_class.__mro__
        if "__init__" in vars(cls) and not cls.__module__.startswith(_TFDS)
        for parameter in inspect.signature(cls.__init__).parameters
        if parameter not in _NOT_OPTIONS
    ]
    for option in options:
        if option not in known:
            raise ValueError(
                f"data.options: {unknown_name(f'option of {name}', option, known)}"
            )
