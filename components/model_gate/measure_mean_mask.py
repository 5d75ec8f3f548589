"""Makes the training set's mean mask and scores it on the test split, by Beam."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from components.dataset_auditor.example_reader import first_bytes, read_example
from components.model_gate.mean_mask import (
    Counts,
    add_mask,
    best_constant_mask,
    empty_counts,
)
from components.model_gate.measurements import MeanMask
from components.segmentation_metrics import confusion
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.mask_grid import mask_of_grid
from components.segmentation_metrics.mask_png import MaskIds, decode_mask_png


def measure_mean_mask(
    *,
    train_files: Sequence[str],
    test_files: Sequence[str],
    task: str,
    taxonomy: Mapping[str, Any],
    work_dir: str,
    beam_pipeline_args: Sequence[str] = (),
) -> MeanMask:
    """Returns the mean mask's score at the test photos' own size.

    Args:
        train_files: TFRecord files (plain or .gz) that the mask is made of.
        test_files: TFRecord files that it is scored on.
        task: The mask is the feature `mask/<task>`.
        taxonomy: The taxonomy's JSON form.
        work_dir: Folder for the pipeline's answer, which is removed again.
        beam_pipeline_args: Beam's flags.
    """
    if not train_files or not test_files:
        return MeanMask(float("nan"), 0, 0)
    classes = ClassNames.from_taxonomy(taxonomy)
    folder = FileSystems.join(work_dir, f".mean-mask-{uuid.uuid4().hex}")
    FileSystems.mkdirs(folder)
    prefix = FileSystems.join(folder, "score")
    feature = f"mask/{task}"
    try:
        with beam.Pipeline(
            options=PipelineOptions(list(beam_pipeline_args))
        ) as pipeline:
            train = pipeline | "Train" >> ReadMasks(tuple(train_files), feature)
            test = pipeline | "Test" >> ReadMasks(tuple(test_files), feature)
            mean = train | "Count" >> beam.CombineGlobally(CountCells(classes))
            score = test | "Score" >> ScoreMask(classes, beam.pvalue.AsSingleton(mean))
            lines = score | beam.Map(json.dumps)
            _ = lines | beam.io.WriteToText(prefix, shard_name_template="")
        with FileSystems.open(prefix) as stream:
            return MeanMask(**json.loads(stream.read()))
    finally:
        FileSystems.delete([folder])


@dataclass
class ReadMasks(beam.PTransform):
    """Reads true masks of TFRecord files, [height, width] each.

    Attributes:
        files: TFRecord files.
        feature: Name of the mask's feature.
    """

    files: tuple[str, ...]
    feature: str

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection:
        """Reads and decodes; a record without the mask is left out."""
        return (
            pipeline
            | beam.Create(sorted(self.files), reshuffle=False)
            | beam.io.ReadAllFromTFRecord()
            | beam.FlatMap(read_mask, self.feature)
        )


def read_mask(serialized: bytes, feature: str) -> list[MaskIds]:
    """Returns the record's mask, or nothing where it has none."""
    png = first_bytes(read_example(serialized), feature)
    if png is None:
        beam.metrics.Metrics.counter("model_gate", "records_without_mask").inc()
        return []
    return [decode_mask_png(png, "true mask")]


class CountCells(beam.CombineFn):
    """Adds masks up and gives the best constant one with the number of masks."""

    def __init__(self, classes: ClassNames) -> None:
        self._classes = classes

    def create_accumulator(self) -> tuple[Counts, int]:
        """Returns the counts of no mask."""
        return empty_counts(len(self._classes.names)), 0

    def add_input(
        self, accumulator: tuple[Counts, int], mask_ids: MaskIds
    ) -> tuple[Counts, int]:
        """Counts one mask in."""
        counts, masks = accumulator
        return add_mask(counts, mask_ids), masks + 1

    def merge_accumulators(
        self, accumulators: Iterable[tuple[Counts, int]]
    ) -> tuple[Counts, int]:
        """Adds counts of parts."""
        counts, masks = self.create_accumulator()
        for other, number in accumulators:
            counts += other
            masks += number
        return counts, masks

    def extract_output(self, accumulator: tuple[Counts, int]) -> tuple[MaskIds, int]:
        """Returns the mask on the grid, and how many masks it was made of."""
        counts, masks = accumulator
        return best_constant_mask(counts, self._classes.background_id), masks


class ScoreMask(beam.PTransform):
    """Scores one mask on all photos, as `MeanMask`'s fields."""

    def __init__(self, classes: ClassNames, mean: beam.pvalue.AsSingleton) -> None:
        super().__init__()
        self._classes = classes
        self._mean = mean

    def expand(self, masks: beam.PCollection) -> beam.PCollection:
        """Adds confusion matrices up; one element comes out, also of no photo."""
        return (
            masks
            | beam.Map(_compare, self._mean, self._classes)
            | beam.CombineGlobally(_AddMatrices(len(self._classes.names)))
            | beam.Map(_conclude, self._mean, self._classes.background_id)
        )


class _AddMatrices(beam.CombineFn):
    def __init__(self, num_classes: int) -> None:
        self._shape = (num_classes, num_classes + 1)

    def create_accumulator(self) -> tuple[confusion.Matrix, int]:
        return np.zeros(self._shape, np.int64), 0

    def add_input(
        self, accumulator: tuple[confusion.Matrix, int], matrix: confusion.Matrix
    ) -> tuple[confusion.Matrix, int]:
        return accumulator[0] + matrix, accumulator[1] + 1

    def merge_accumulators(
        self, accumulators: Iterable[tuple[confusion.Matrix, int]]
    ) -> tuple[confusion.Matrix, int]:
        matrix, photos = self.create_accumulator()
        for other, number in accumulators:
            matrix, photos = matrix + other, photos + number
        return matrix, photos

    def extract_output(
        self, accumulator: tuple[confusion.Matrix, int]
    ) -> tuple[confusion.Matrix, int]:
        return accumulator


def _compare(
    truth: MaskIds, mean: tuple[MaskIds, int], classes: ClassNames
) -> confusion.Matrix:
    prediction = mask_of_grid(mean[0], *truth.shape)
    return confusion.confusion_matrix(
        truth, prediction, len(classes.names), classes.void_id
    )


def _conclude(
    total: tuple[confusion.Matrix, int],
    mean: tuple[MaskIds, int],
    background_id: int | None,
) -> dict[str, float]:
    matrix, photos = total
    known = photos and mean[1]
    score = confusion.foreground_miou(matrix, background_id) if known else float("nan")
    return {
        "foreground_miou": score,
        "train_examples": mean[1],
        "test_examples": photos,
    }
