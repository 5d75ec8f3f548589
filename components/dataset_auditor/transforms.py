"""Beam's part of the audit: everything that needs the pictures themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.metrics import Metrics

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.record_audit import audit_record, record_key
from components.dataset_auditor.thumbnails import draw_thumbnail
from components.dataset_auditor.tolerances import AuditTolerances

_COUNTERS = "dataset_auditor"


@dataclass
class AuditRecords(beam.PTransform):
    """Serialized records of one split to one line of JSON each.

    Attributes:
        split: Name of the split.
        task: Name of the task, whose mask is `mask/<task>`.
        table: Its classes.
        tolerances: Bounds that a single record is held against.
        slice_features: Names of the slicing features.
    """

    split: str
    task: str
    table: ClassTable
    tolerances: AuditTolerances
    slice_features: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, records: beam.PCollection) -> beam.PCollection:
        """Audits record by record; no picture leaves the function."""
        return records | "Audit" >> beam.Map(self._audit)

    def _audit(self, serialized: bytes) -> str:
        audit = audit_record(
            serialized,
            split=self.split,
            task=self.task,
            table=self.table,
            tolerances=self.tolerances,
            slice_features=self.slice_features,
        )
        Metrics.counter(_COUNTERS, "records").inc()
        for rule, _ in audit.defects:
            Metrics.counter(_COUNTERS, rule).inc()
        return audit.to_json()


@dataclass
class DrawThumbnails(beam.PTransform):
    """Serialized records to lines of (record key, thumbnail), of wanted keys only.

    Attributes:
        wanted: Record keys that the page shows.
        task: Name of the task.
        table: Its classes.
    """

    wanted: frozenset[str]
    task: str
    table: ClassTable

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, records: beam.PCollection) -> beam.PCollection:
        """Reads all, decodes the wanted few."""
        return records | "Draw" >> beam.FlatMap(self._draw)

    def _draw(self, serialized: bytes) -> Iterator[str]:
        key = record_key(serialized)
        if key in self.wanted:
            picture = draw_thumbnail(serialized, task=self.task, table=self.table)
            yield json.dumps([key, picture])
