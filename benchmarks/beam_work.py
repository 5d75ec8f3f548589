"""The work that the Beam benchmark measures, each as the pipeline's node does it."""

from __future__ import annotations

import importlib
import json
from functools import partial
from pathlib import Path
from typing import Any

SIDE_PX = 128
PHOTOS_A_FILE = 4
TASK = "objects"
BUILDER = "tfds_builders.folder_masks.folder_masks_dataset_builder.Builder"
SPLITS = ("train", "eval", "test")
EVALUATED = "train"  # one split, as in the pipeline; of several TFX gathers all records


def load_libraries(flags: list[str]) -> None:
    """Imports in every worker, and here, what the three kinds of work import."""
    import apache_beam as beam

    options = beam.options.pipeline_options.PipelineOptions(flags)
    with beam.Pipeline(options=options) as pipeline:
        _ = pipeline | beam.Create(range(32)) | beam.Map(_import_all)
    _import_all(0)


def _import_all(_: int) -> None:
    for name in (
        "components.segmentation_metrics.evaluator_module",
        "components.tfds_example_gen.copy_shards",
        "tfx.components.evaluator.executor",
        "tfx.components.transform.executor",
        "tfx_pipeline.modules.transform",
        BUILDER.rpartition(".")[0],
    ):
        importlib.import_module(name)


def run_ingest(folder: Path, out: Path, flags: list[str]) -> None:
    """Ingests the folder, as TfdsExampleGen does; records are left in `out`."""
    import apache_beam as beam

    from components.tfds_example_gen.copy_shards import CopyShards, shard_copies
    from components.tfds_example_gen.prepare import prepare_dataset

    prepared = prepare_dataset(
        builder=BUILDER,
        builder_kwargs={
            "manual_dir": str(folder),
            "examples_per_shard": PHOTOS_A_FILE,
        },
        folder=out / "datasets",
        beam_pipeline_args=flags,
    )
    uris = {split: str(out / "records" / f"Split-{split}") for split in SPLITS}
    for uri in uris.values():
        Path(uri).mkdir(parents=True)
    options = beam.options.pipeline_options.PipelineOptions(flags)
    with beam.Pipeline(options=options) as pipeline:
        _ = pipeline | CopyShards(copies=tuple(shard_copies(prepared.shards, uris)))


def run_transform(records: Path, out: Path, flags: list[str]) -> None:
    """Transforms all records with TFX's own executor, as the Transform node does."""
    from tfx.components.transform.executor import Executor
    from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
    from tfx.types import artifact_utils, standard_artifacts

    from tfx_pipeline.pipeline.record_schema import schema_text

    examples = _examples(records)
    schema = standard_artifacts.Schema()
    schema.uri = str(out / "schema")
    Path(schema.uri).mkdir(parents=True)
    Path(schema.uri, "schema.pbtxt").write_text(schema_text([TASK]))
    graph = standard_artifacts.TransformGraph()
    graph.uri = str(out / "graph")
    transformed = standard_artifacts.Examples()
    transformed.uri = str(out / "transformed")
    transformed.split_names = artifact_utils.encode_split_names(list(SPLITS))
    context = BaseBeamExecutor.Context(
        beam_pipeline_args=flags, tmp_dir=str(out / "tmp"), unique_id="1"
    )
    Executor(context).Do(
        {"examples": [examples], "schema": [schema]},
        {"transform_graph": [graph], "transformed_examples": [transformed]},
        {
            "preprocessing_fn": "tfx_pipeline.modules.transform.preprocessing_fn",
            "custom_config": json.dumps(settings().to_dict()),
            "disable_statistics": 1,
        },
    )


def run_evaluation(records: Path, model: Path, out: Path, flags: list[str]) -> None:
    """Evaluates a model on a split with TFX's own executor and our metric."""
    from google.protobuf import json_format
    from tfx.components.evaluator.executor import Executor
    from tfx.types import standard_artifacts

    from components.segmentation_metrics.eval_config import (
        EVALUATOR_MODULE,
        eval_config,
    )

    config = eval_config(
        task=TASK,
        taxonomy=taxonomy(),
        slice_features=("view",),
        inference_batch_size=4,
        replicates=100,
    )
    stored = standard_artifacts.Model()
    stored.uri = str(model)
    evaluation = standard_artifacts.ModelEvaluation()
    evaluation.uri = str(out / "evaluation")
    context = Executor.Context(
        beam_pipeline_args=flags, tmp_dir=str(out / "tmp"), unique_id="1"
    )
    Executor(context).Do(
        {"examples": [_examples(records)], "model": [stored]},
        {"evaluation": [evaluation], "blessing": [standard_artifacts.ModelBlessing()]},
        {
            "eval_config": json_format.MessageToJson(
                config, preserving_proto_field_name=True
            ),
            "example_splits": json.dumps([EVALUATED]),
            "module_path": EVALUATOR_MODULE,
        },
    )


def export_network(folder: Path) -> None:
    """Exports the demo's network, untrained, as the Trainer does."""
    from serving.export import export_model
    from tfx_pipeline.config.model import ModelConfig
    from tfx_pipeline.data.prepare import prepare_photo
    from tfx_pipeline.modeling.registry import build_model
    from tfx_pipeline.training.drawn_photos import draw_photos

    config = settings().prepare
    model = build_model(
        ModelConfig(patch_px=2, depth=3),
        num_classes=2,
        height_px=config.height_px,
        width_px=config.width_px,
    )
    export_model(
        model,
        directory=str(folder / "Format-Serving"),
        prepare=partial(prepare_photo, config=config),
        taxonomy=taxonomy(),
        prepare_config=config.to_dict(),
        photos=draw_photos(),
    )


def settings() -> Any:
    """Returns how photos are prepared."""
    from tfx_pipeline.config.augment import AugmentConfig
    from tfx_pipeline.config.prepare import PrepareConfig
    from tfx_pipeline.config.transform_settings import TransformSettings

    prepare = PrepareConfig(
        height_px=SIDE_PX, width_px=SIDE_PX, augment=AugmentConfig(copies=1)
    )
    return TransformSettings(task=TASK, prepare=prepare, flip_ids=(0, 1), seed=5)


def taxonomy() -> dict[str, Any]:
    """Returns the classes of the drawn photos."""
    from tfds_builders.taxonomy import Taxonomy, number_classes

    classes = number_classes([("background", (0, 0, 0)), ("car", (0, 0, 142))])
    return Taxonomy(
        dataset="drawn",
        task=TASK,
        classes=classes,
        licence="CC0-1.0",
        commercial="yes",
    ).to_dict()


def _examples(records: Path) -> Any:
    from tfx.types import artifact_utils, standard_artifacts

    examples = standard_artifacts.Examples()
    examples.uri = str(records)
    examples.split_names = artifact_utils.encode_split_names(list(SPLITS))
    return examples
