"""train_masks.csv: where the row of a photo stands, and its run lengths.

The full table is tens of megabytes, so a listing keeps only the place of each row
that it needs; the row is read when its photo is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tfds_builders.source_files import unreadable

HEADER = "img,rle_mask"
_MAX_HEADER_BYTES = 200
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """The place of one row: the table's path below the user's folder, and bytes."""

    table: str
    offset: int
    size: int


@dataclass(frozen=True, kw_only=True)
class TableRows:
    """What a table says about some photos.

    Attributes:
        rows: Name of a wanted photo to its row.
        repeated: Names of wanted photos that have more than one row.
        unused: Rows that name no photo of the folder.
    """

    rows: Mapping[str, TableRow] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()
    unused: int = 0


def find_rows(
    folder: Path, table: str, wanted: Collection[str], photos: Collection[str]
) -> TableRows:
    """Finds rows in one pass over the table.

    Args:
        folder: The user's folder.
        table: Path of the table below it.
        wanted: Names of the photos whose rows are needed.
        photos: Names of all photos; any other row is unused.

    Raises:
        ValueError: The table cannot be read, or is another one.
    """
    rows: dict[str, TableRow] = {}
    repeated: set[str] = set()
    unused = 0
    for offset, line in _lines(folder, table):
        name = _name(line)
        if name not in photos:
            unused += 1
        elif name in rows:
            repeated.add(name)
        elif name in wanted:
            rows[name] = TableRow(table=table, offset=offset, size=len(line))
    return TableRows(
        rows={name: row for name, row in rows.items() if name not in repeated},
        repeated=frozenset(repeated),
        unused=unused,
    )


def read_runs(folder: Path, row: TableRow, photo_name: str) -> str:
    """Returns the run lengths of a photo's row.

    Raises:
        ValueError: The table cannot be read, or is no longer the one that was listed.
    """
    try:
        with open(folder / row.table, "rb") as file:
            file.seek(row.offset)
            line = file.read(row.size)
    except OSError as err:
        raise unreadable(row.table, err) from err
    if _name(line) != photo_name:
        raise ValueError(
            f"{row.table} must stay as it is while it is read, but the row of"
            f" {photo_name!r} is gone; build again"
        )
    return line.partition(b",")[2].decode("ascii", "backslashreplace").strip(' "\r\n')


def _lines(folder: Path, table: str) -> Iterator[tuple[int, bytes]]:
    """Yields the rows that hold something, each with the place where it begins."""
    try:
        with open(folder / table, "rb") as file:
            _check_header(file.readline(_MAX_HEADER_BYTES), table)
            offset = file.tell()
            for line in file:
                if line.strip():
                    yield offset, line
                offset += len(line)
    except OSError as err:
        raise unreadable(table, err) from err


def _check_header(line: bytes, table: str) -> None:
    header = line.removeprefix(_BYTE_ORDER_MARK).decode("ascii", "replace")
    if header.strip().replace('"', "") != HEADER:
        raise ValueError(
            f"{table} must begin with the line {HEADER!r}, got {header[:40].strip()!r};"
            " fetch it again"
        )


def _name(line: bytes) -> str:
    name = line.partition(b",")[0].decode("ascii", "backslashreplace")
    return name.strip(' "\r\n')
