"""Two passes of Beam over the test split: score every photo, then draw a few."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import Metrics
from apache_beam.options.pipeline_options import PipelineOptions

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.record_audit import record_key
from components.evaluation_report.photo_choice import (
    choose_photos,
    choose_slice_photos,
)
from components.evaluation_report.photo_layers import PhotoLayers, draw_layers
from components.evaluation_report.photo_scores import (
    PhotoScore,
    ScoreBook,
    score_photo,
)
from components.evaluation_report.photo_slices import PhotoSlices
from components.evaluation_report.predictions import AskedModel, PredictRecords
from components.evaluation_report.shown_photos import ShownPhotos
from components.model_gate.measurements import SliceKey
from components.segmentation_metrics.class_names import ClassNames

_COUNTERS = "evaluation_report"


@dataclass(frozen=True, kw_only=True)
class PhotoPasses:
    """The test split, and the model that is asked about it.

    Attributes:
        files: TFRecord files (plain or .gz) of the split.
        asked: The model.
        task: The true mask is the feature `mask/<task>`.
        taxonomy: The taxonomy's JSON form.
        work_dir: Folder for what the passes hand over; removed again.
        slices: Slices whose worst photos are drawn too.
        beam_pipeline_args: Beam's flags.
    """

    files: Sequence[str]
    asked: AskedModel
    task: str
    taxonomy: Mapping[str, Any]
    work_dir: str
    slices: tuple[SliceKey, ...] = ()
    beam_pipeline_args: Sequence[str] = ()

    def run(self, per_class: int) -> ShownPhotos:
        """Scores all photos, draws `per_class` worst and typical ones a class.

        As many of the worst are drawn of every slice.
        """
        classes = ClassNames.from_taxonomy(self.taxonomy)
        book = ScoreBook(len(classes.names))
        slices = PhotoSlices(keys=self.slices, task=self.task, classes=classes)
        for line in self._lines(None, beam.Map(_to_score, self.task, classes, slices)):
            book.add(PhotoScore.from_json(line))
        choices = choose_photos(
            book, per_class=per_class, background_id=classes.background_id
        )
        choices += choose_slice_photos(book, self.slices, per_slice=per_class)
        wanted: dict[str, list[int]] = {}
        for choice in choices:
            wanted.setdefault(choice.photo.record_key, []).append(choice.class_id)
        layers = dict(self._draw(wanted)) if wanted else {}
        return ShownPhotos(book=book, choices=choices, layers=layers)

    def _draw(
        self, wanted: Mapping[str, list[int]]
    ) -> Iterator[tuple[str, PhotoLayers]]:
        table = ClassTable.from_taxonomy(self.taxonomy)
        draw = beam.Map(_to_layers, self.task, table, wanted)
        for line in self._lines(frozenset(wanted), draw):
            key, fields = json.loads(line)
            errors = {int(class_id): png for class_id, png in fields["errors"].items()}
            yield key, PhotoLayers(**fields | {"errors": errors})

    def _lines(
        self, keys: frozenset[str] | None, to_line: beam.PTransform
    ) -> Iterator[str]:
        """Yields what `to_line` makes of (record, predicted PNG), of wanted keys."""
        folder = FileSystems.join(self.work_dir, f".photos-{uuid.uuid4().hex}")
        FileSystems.mkdirs(folder)
        prefix = FileSystems.join(folder, "lines")
        try:
            options = PipelineOptions(list(self.beam_pipeline_args))
            with beam.Pipeline(options=options) as pipeline:
                records = (
                    pipeline
                    | beam.Create(sorted(self.files), reshuffle=False)
                    | beam.io.ReadAllFromTFRecord()
                )
                if keys is not None:
                    records |= "Wanted" >> beam.Filter(_has_key, keys)
                lines = records | PredictRecords(self.asked) | "Line" >> to_line
                _ = lines | beam.io.WriteToText(prefix)
            yield from _read_lines(prefix)
        finally:
            FileSystems.delete([folder])


def _has_key(serialized: bytes, keys: frozenset[str]) -> bool:
    return record_key(serialized) in keys


def _to_score(
    answer: tuple[bytes, bytes], task: str, classes: ClassNames, slices: PhotoSlices
) -> str:
    Metrics.counter(_COUNTERS, "photos_scored").inc()
    score = score_photo(*answer, task=task, classes=classes, slices=slices)
    return score.to_json()


def _to_layers(
    answer: tuple[bytes, bytes],
    task: str,
    table: ClassTable,
    wanted: Mapping[str, list[int]],
) -> str:
    Metrics.counter(_COUNTERS, "photos_drawn").inc()
    key = record_key(answer[0])
    layers = draw_layers(*answer, task=task, table=table, class_ids=wanted[key])
    return json.dumps([key, dataclasses.asdict(layers)])


def _read_lines(prefix: str) -> Iterator[str]:
    for metadata in FileSystems.match([f"{prefix}-*"])[0].metadata_list:
        with FileSystems.open(metadata.path) as stream:
            while line := stream.readline():
                yield line.decode("utf-8")
