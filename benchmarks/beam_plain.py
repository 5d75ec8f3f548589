"""The Beam benchmark's work once more, photo by photo, for `multiprocessing.Pool`.

`plain_*` start in a process and return the function that does the same arithmetic for
one photo as the pipeline's node does; `sources` and `serialized` are what they take.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.beam_work import BUILDER, SPLITS, TASK, settings, taxonomy


def plain_ingest(_: Path) -> Any:
    """Returns the function that reads one photo and writes its record."""
    from tfds_builders.shard_writing import Shard, write_shard

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

    chosen = settings().to_dict()
    texts = (
        *("image", f"mask/{TASK}", "example_id", "group_id"),
        *("view", "domain", "source", "split"),
    )
    wanted = {name: tf.io.FixedLenFeature([1], tf.string) for name in texts}
    wanted["orientation"] = tf.io.FixedLenFeature([1], tf.int64)

    @tf.function(input_signature=[tf.TensorSpec([1], tf.string)])
    def rows(records: Any) -> Any:
        return preprocessing_fn(tf.io.parse_example(records, wanted), chosen)

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
    classes = ClassNames.from_taxonomy(taxonomy())
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


def serialized(records: Path, splits: Sequence[str]) -> list[bytes]:
    """Returns what `plain_transform` and `plain_evaluation` work on."""
    import tensorflow as tf

    files = sorted(
        str(file)
        for split in splits
        for file in (records / f"Split-{split}").glob("data_tfrecord-*")
    )
    return list(tf.data.TFRecordDataset(files).as_numpy_iterator())
