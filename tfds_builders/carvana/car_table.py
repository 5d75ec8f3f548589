"""metadata.csv: make, model and year of each car, where they are known."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tfds_builders.source_files import read_source

FACTS = ("make", "model", "year")
_CAR_COLUMN = "id"
_COLUMNS = (_CAR_COLUMN, *FACTS)


def read_cars(folder: Path, table: str) -> dict[str, dict[str, str]]:
    """Returns `make`, `model` and `year` of each car, empty text where not known.

    Args:
        folder: The user's folder.
        table: Path of the table below it.

    Raises:
        ValueError: The table cannot be read, or is another one.
    """
    try:
        text = read_source(folder, table).decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise ValueError(
            f"{table} must be UTF-8, got byte 0x{err.object[err.start]:02x} at position"
            f" {err.start}; fetch it again"
        ) from err
    return parse_cars(text, table)


def parse_cars(text: str, table: str) -> dict[str, dict[str, str]]:
    r"""Returns what the table's text says of each car; see `read_cars`.

    Example:
        >>> parse_cars("id,year,make,model\na,2014,Kia,\n", "t.csv")
        {'a': {'make': 'Kia', 'model': '', 'year': '2014'}}
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    try:
        rows = list(reader)
    except csv.Error as err:
        raise ValueError(f"{table} must be CSV, but {err}; fetch it again") from err
    _check_columns(reader.fieldnames or (), table)
    _check_cars([row[_CAR_COLUMN] for row in rows], table)
    usual = {fact: usual_spellings(row[fact] for row in rows) for fact in FACTS}
    return {
        row[_CAR_COLUMN]: {fact: usual[fact][row[fact]] for fact in FACTS}
        for row in rows
    }


def usual_spellings(values: Iterable[str]) -> Mapping[str, str]:
    """Returns for each value the most frequent one that differs in case or spaces.

    The table writes Infiniti and INFINITI: one slice of a report, not two. Of equally
    frequent ones the first of the alphabet counts.

    Example:
        >>> usual_spellings(["Kia", "KIA ", "Kia"])
        {'Kia': 'Kia', 'KIA ': 'Kia'}
    """
    counts = Counter(values)
    alike: dict[str, Counter[str]] = defaultdict(Counter)
    for value, count in counts.items():
        tidy = " ".join(value.split())
        alike[tidy.casefold()][tidy] += count
    usual = {
        key: min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
        for key, spellings in alike.items()
    }
    return {value: usual[" ".join(value.split()).casefold()] for value in counts}


def _check_columns(columns: Sequence[str], table: str) -> None:
    if not set(_COLUMNS) <= set(columns):
        raise ValueError(
            f"{table} must have the columns {', '.join(_COLUMNS)}, got"
            f" {', '.join(columns)[:80] or 'none'}; fetch it again"
        )


def _check_cars(cars: Iterable[str], table: str) -> None:
    repeated = [car for car, count in Counter(cars).items() if count > 1]
    if repeated:
        raise ValueError(
            f"{table} must name each car once, got {repeated[0]!r} twice; fetch it"
            " again"
        )
