"""Tables of a bulk run, written row by row: CSV and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from components.bulk_inference.part_file import PhotoEntry
from tfx_pipeline.cli.bulk_folder import staged
from tfx_pipeline.cli.bulk_photos import shown_name
from tfx_pipeline.cli.predict_inputs import MASK_SUFFIX

_ROW_GROUP = 4096
AREA_PREFIX = "area_"


def write_photos_csv(
    file: Path, entries: Iterable[PhotoEntry], class_names: Sequence[str]
) -> None:
    """Writes a row per photo that has a mask, a column per class."""
    _write_csv(file, _schema(class_names).names, _rows(entries))


def write_failed_csv(file: Path, entries: Iterable[PhotoEntry]) -> None:
    """Writes a row per photo that has none, and why."""
    rows = (
        (shown_name(entry.photo), entry.failure) for entry in entries if entry.failure
    )
    _write_csv(file, ("photo", "reason"), rows)


def write_photos_parquet(
    file: Path, entries: Iterable[PhotoEntry], class_names: Sequence[str]
) -> None:
    """Writes the table of `write_photos_csv`, a few thousand rows at a time."""
    schema, rows = _schema(class_names), _rows(entries)
    with staged(file) as place, pq.ParquetWriter(place, schema) as writer:
        while group := list(islice(rows, _ROW_GROUP)):
            columns = zip(*group, strict=True)
            arrays = [
                pa.array(column, field.type)
                for column, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _schema(class_names: Sequence[str]) -> pa.Schema:
    return pa.schema(
        [
            ("photo", pa.string()),
            ("mask", pa.string()),
            ("height", pa.int32()),
            ("width", pa.int32()),
            ("confidence", pa.float32()),
            *((AREA_PREFIX + name, pa.float32()) for name in class_names),
        ]
    )


def _rows(entries: Iterable[PhotoEntry]) -> Iterator[tuple[Any, ...]]:
    for entry in entries:
        if not entry.failure:
            name, fields = shown_name(entry.photo), entry.fields
            yield (
                name,
                name + MASK_SUFFIX,
                *(fields["height"], fields["width"], fields["confidence"]),
                *fields["areas"],
            )


def _write_csv(
    file: Path, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    with staged(file) as place, place.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(head)
        writer.writerows(rows)
