"""Tables align; numbers go right."""

from __future__ import annotations

from tfx_pipeline.cli.table import table


def test_columns_are_aligned() -> None:
    assert table(["stage", "seconds"], [["Ingest", 1.04], ["Audit", 12.0]]) == (
        "stage   seconds\nIngest      1.0\nAudit      12.0"
    )


def test_a_table_without_rows_is_its_head() -> None:
    assert table(["a", "bc"], []) == "a  bc"
