"""What a configured dataset's builder says of its records, before any is built."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.segmentation_metrics.condition_names import CONDITIONS
from components.tfds_example_gen.named_dataset import (
    NamedDataset,
    find_named_dataset,
    read_record_facts,
)
from components.tfds_example_gen.prepare import import_builder
from tfds_builders.record_settings import RECORD_BUILDER_ARGUMENTS
from tfx_pipeline.config.builders import FIND_BUILDER, builder_path
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.stages import DataConfig
from tfx_pipeline.config.unknown_name import unknown_name
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.pipeline.record_schema import (
    SLICE_FEATURES,
    check_slice_features,
    check_task,
)

_TFDS = "tensorflow_datasets."
# Other fields of the configuration fill the arguments that every builder takes.
_NOT_OPTIONS = {"self", "kwargs", *RECORD_BUILDER_ARGUMENTS}


@dataclass(frozen=True, kw_only=True)
class DescribedDataset:
    """A builder with its arguments, and what its records hold.

    Attributes:
        name: `NAME` or `NAME/CONFIG`.
        options: Arguments of the builder, without configuration and folders.
        named: The builder with all of its arguments but `data_dir`.
        taxonomies: Task to JSON form of its taxonomy.
        own_slices: Features that only this builder's records have.
    """

    name: str
    options: Mapping[str, Any]
    named: NamedDataset
    taxonomies: Mapping[str, Mapping[str, Any]]
    own_slices: tuple[str, ...]

    @property
    def slice_features(self) -> tuple[str, ...]:
        """All features that results may be sliced by."""
        return (*SLICE_FEATURES, *self.own_slices)


def dataset_name(data: DataConfig) -> str:
    """Returns `NAME` or `NAME/CONFIG`."""
    return f"{data.builder}/{data.config}" if data.config else data.builder


def describe_dataset(
    config: PipelineConfig, manual_dir: str | None, task: str | None = None
) -> DescribedDataset:
    """Returns the configured dataset; refuses wrong names before any work.

    Args:
        config: The configuration.
        manual_dir: Folder of the data, or with the files that describe its classes;
            None for builders that need none to say what their records hold.
        task: The task that is wanted; None asks for no certain one.

    Raises:
        UsageError: Name, folder, option or task fit nothing.
    """
    try:
        dataset = _describe(config, manual_dir)
        if task is not None:
            check_task(task, dataset.taxonomies, config.data.builder)
        known = (*dataset.slice_features, *CONDITIONS)
        check_slice_features(config.evaluate.slice_features, known)
    except (ValueError, FileNotFoundError, NotADirectoryError) as err:
        raise UsageError(str(err)) from err
    return dataset


def _describe(config: PipelineConfig, manual_dir: str | None) -> DescribedDataset:
    data = config.data
    builder_class = import_builder(builder_path(data.builder))
    _check_names(builder_class, data.builder, data.config, data.options)
    options = {
        "keep_metadata": config.privacy.keep_metadata,
        "max_skipped_share": data.max_skipped_share,
        "examples_per_shard": data.examples_per_shard,
        **data.options,
    }
    named = find_named_dataset(
        dataset_name(data),
        find_builder=FIND_BUILDER,
        manual_dir=str(Path(manual_dir).resolve()) if manual_dir else "",
        builder_kwargs=options,
    )
    records = read_record_facts(named)
    return DescribedDataset(
        name=dataset_name(data),
        options=options,
        named=named,
        taxonomies=records.taxonomies,
        own_slices=records.own_slices,
    )


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
