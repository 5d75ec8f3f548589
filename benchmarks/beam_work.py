"""The three kinds of work of the Beam benchmark: by Beam, and by a plain function.

Each kind has `run_*`, which does it as the pipeline's node does, and a pair of
functions for `multiprocessing.Pool`: one that starts a process and one that does the
same arithmetic for one photo.
"""

from __future__ import annotations

import importlib
import json
import os
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

SIZE = (800, 600)  # width, height
SIDE_PX = 128
PHOTOS_A_FILE = 4
DRAWN = 128  # pictures
TASK = "objects"
TAXONOMY_FILE = """\
classes:
  - {id: 0, name: background, rgb: [0, 0, 0]}
  - {id: 1, name: car, rgb: [0, 0, 142]}
"""
BUILDER = "tfds_builders.folder_masks.folder_masks_dataset_builder.Builder"
SPLITS = ("train", "eval", "test")


def draw_folder(folder: Path, count: int) -> None:
    """Draws photos that compress like photos, and a mask for each."""
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
    (folder / "taxonomy.yaml").write_text(TAXONOMY_FILE)
    for index in range(count):
        image = folder / "images" / f"{index:05d}.jpg"
        label = folder / "masks" / f"{index:05d}.png"
        if index >= DRAWN:  # the same pictures again, under other names
            os.link(image.with_stem(f"{index % DRAWN:05d}"), image)
            os.link(label.with_stem(f"{index % DRAWN:05d}"), label)
            continue
        rng = np.random.default_rng(index)
        coarse = rng.integers(0, 256, (SIZE[1] // 8, SIZE[0] // 8, 3), np.uint8)
        photo = Image.fromarray(coarse).resize(SIZE)
        photo.save(image, quality=85)
        mask = Image.new("L", SIZE)
        left, top = (int(value) for value in rng.integers(50, 250, 2))
        ImageDraw.Draw(mask).ellipse((left, top, left + 450, top + 300), fill=1)
        mask.save(label)


def take_some(whole: Path, folder: Path, count: int) -> None:
    """Makes a folder of the first photos of another one, without copying them."""
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
        for path in sorted((whole / name).iterdir())[:count]:
            os.link(path, folder / name / path.name)
    (folder / "taxonomy.yaml").write_text(TAXONOMY_FILE)


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
            "custom_config": json.dumps(_settings().to_dict()),
            "disable_statistics": 1,
        },
    )


def run_evaluation(records: Path, model: Path, out: Path, flags: list[str]) -> None:
    """Evaluates a model on all records with TFX's own executor and our metric."""
    from google.protobuf import json_format
    from tfx.components.evaluator.executor import Executor
    from tfx.types import standard_artifacts

    from components.segmentation_metrics.eval_config import (
        EVALUATOR_MODULE,
        eval_config,
    )

    config = eval_config(
        task=TASK,
        taxonomy=_taxonomy(),
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
            "example_splits": json.dumps(list(SPLITS)),
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

    config = _settings().prepare
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
        taxonomy=_taxonomy(),
        prepare_config=config.to_dict(),
        photos=draw_photos(),
    )


def plain_ingest(_: Path) -> Any:
    """Returns the function that reads one photo and writes its record."""
    from tfds_builders.record_builder import Shard, write_shard

    def work(source: tuple[Any, Any, tuple[str, ...]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            write_shard(
                Shard(
                    split="train",
                    path=Path(folder, "one.tfrecord"),
                    sources=(source[0],),
                    tasks=(TASK,),
                    slices=source[2],
                    read=source[1],
                )
            )

    return work


def plain_transform(_: Path) -> Any:
    """Returns the function that makes the rows of one record and serializes them."""
    import tensorflow as tf

    from tfx_pipeline.modules.transform import preprocessing_fn

    settings = _settings().to_dict()
    texts = (
        *("image", f"mask/{TASK}", "example_id", "group_id"),
        *("view", "domain", "source", "split"),
    )
    wanted = {name: tf.io.FixedLenFeature([1], tf.string) for name in texts}
    wanted["orientation"] = tf.io.FixedLenFeature([1], tf.int64)

    @tf.function(input_signature=[tf.TensorSpec([1], tf.string)])
    def rows(records: Any) -> Any:
        return preprocessing_fn(tf.io.parse_example(records, wanted), settings)

    def work(record: bytes) -> int:
        made = rows(tf.constant([record]))
        written = 0
        for row in range(len(made["copy"])):
            features = {
                name: tf.train.Feature(
                    bytes_list=tf.train.BytesList(value=[column[row].numpy()])
                )
                for name, column in made.items()
                if column.dtype == tf.string
            }
            proto = tf.train.Example(features=tf.train.Features(feature=features))
            written += len(proto.SerializeToString())
        return written

    return work


def plain_evaluation(model: Path) -> Any:
    """Returns the function that predicts one record and measures the prediction."""
    import tensorflow as tf

    from components.segmentation_metrics.class_names import ClassNames
    from components.segmentation_metrics.mask_png import decode_mask_png
    from components.segmentation_metrics.measure import PhotoMasks
    from components.segmentation_metrics.measurement import Measuring
    from components.segmentation_metrics.standard_measures import standard_measures

    loaded = tf.saved_model.load(str(model / "Format-Serving"))
    predict = loaded.signatures["examples"]
    (name,) = predict.structured_input_signature[1]
    classes = ClassNames.from_taxonomy(_taxonomy())
    measuring = Measuring(classes=classes, measures=standard_measures(classes))

    def work(record: bytes) -> None:
        answer = predict(**{name: tf.constant([record])})
        feature = tf.train.Example.FromString(record).features.feature
        photo = PhotoMasks(
            truth=decode_mask_png(
                feature[f"mask/{TASK}"].bytes_list.value[0], "true mask"
            ),
            prediction=decode_mask_png(
                answer["mask_png_bytes"][0].numpy(), "predicted mask"
            ),
            confidence=decode_mask_png(
                answer["confidence_png_bytes"][0].numpy(), "confidence picture"
            ),
        )
        total = measuring.nothing()
        total.add(measuring.of_photo(photo, feature["group_id"].bytes_list.value[0]))

    return work


def sources(folder: Path) -> list[Any]:
    """Returns what `plain_ingest` works on."""
    from components.tfds_example_gen.prepare import import_builder

    with tempfile.TemporaryDirectory() as data_dir:
        builder = import_builder(BUILDER)(data_dir=data_dir, manual_dir=str(folder))
        read, slices = builder.record_reader(), builder.SLICE_FEATURES
        listed = builder.list_sources().sources
        return [(one, read, slices) for split in SPLITS for one in listed[split]]


def serialized(records: Path) -> list[bytes]:
    """Returns what `plain_transform` and `plain_evaluation` work on."""
    import tensorflow as tf

    files = sorted(map(str, records.glob("Split-*/data_tfrecord-*")))
    return list(tf.data.TFRecordDataset(files).as_numpy_iterator())


def _settings() -> Any:
    from tfx_pipeline.config.augment import AugmentConfig
    from tfx_pipeline.config.prepare import PrepareConfig
    from tfx_pipeline.config.transform_settings import TransformSettings

    prepare = PrepareConfig(
        height_px=SIDE_PX, width_px=SIDE_PX, augment=AugmentConfig(copies=1)
    )
    return TransformSettings(task=TASK, prepare=prepare, flip_ids=(0, 1), seed=5)


def _taxonomy() -> dict[str, Any]:
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
