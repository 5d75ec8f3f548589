"""Tables hold what the entries say, in their order."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from components.bulk_inference.part_file import PhotoEntry
from tfx_pipeline.cli import bulk_masks, bulk_tables
from tfx_pipeline.cli.bulk_tables import (
    write_failed_csv,
    write_photos_csv,
    write_photos_parquet,
)

NAMES = ("background", 'odd, "name"')


def entries(count: int, seed: int) -> Iterator[PhotoEntry]:
    random = np.random.default_rng(seed)
    for index in range(count):
        name = f"lot/{index:04d},é.jpg"
        if random.random() < 0.3:
            reason = "damaged, by\u2028all means"
            yield PhotoEntry(photo=name, source="", fields={}, failure=reason)
            continue
        values = random.random(3).astype(np.float32)
        fields = {
            "height": int(random.integers(1, 5000)),
            "width": int(random.integers(1, 5000)),
            "confidence": bulk_masks.six_digits(values[0]),
            "areas": [bulk_masks.six_digits(value) for value in values[1:]],
        }
        yield PhotoEntry(photo=name, source="1", fields=fields)


@pytest.mark.parametrize("count", [0, 1, 37])
def test_csv_and_parquet_hold_the_photos_with_masks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(bulk_tables, "_ROW_GROUP", 8)

    write_photos_csv(tmp_path / "a.csv", entries(count, 1), NAMES)
    write_photos_parquet(tmp_path / "a.parquet", entries(count, 1), NAMES)

    expected = [entry for entry in entries(count, 1) if not entry.failure]
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    head = ["photo", "mask", "height", "width", "confidence"]
    assert rows[0] == [*head, *(f"area_{name}" for name in NAMES)]
    parquet = pq.read_table(tmp_path / "a.parquet")
    assert parquet.column_names == rows[0]
    table = [list(row.values()) for row in parquet.to_pylist()]
    assert len(table) == len(rows) - 1 == len(expected)
    for entry, row, cells in zip(expected, rows[1:], table, strict=True):
        mask = f"{entry.photo}.mask.png"
        fields = entry.fields
        sizes = [fields["height"], fields["width"]]
        shares = [fields["confidence"], *fields["areas"]]
        assert row[:2] == cells[:2] == [entry.photo, mask]
        assert [int(cell) for cell in row[2:4]] == cells[2:4] == sizes
        assert [float(cell) for cell in row[4:]] == shares
        np.testing.assert_allclose(cells[4:], shares, rtol=1e-6)


def test_failed_photos_are_named_with_their_reason(tmp_path: Path) -> None:
    write_failed_csv(tmp_path / "failed.csv", entries(20, 2))

    failed = [entry for entry in entries(20, 2) if entry.failure]
    assert failed
    with (tmp_path / "failed.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    expected = [[entry.photo, entry.failure] for entry in failed]
    assert rows == [["photo", "reason"], *expected]
