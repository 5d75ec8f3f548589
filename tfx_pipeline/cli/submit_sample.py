"""The competition's sample file: which photos it wants, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tfds_builders.carvana.mask_table import HEADER
from tfx_pipeline.config.usage_error import UsageError

_SHOWN_NAMES = 3


def sample_names(sample: Path) -> Iterator[str]:
    """Yields the photos' names, row by row.

    Raises:
        UsageError: It cannot be read, is another table, or names no file.
    """
    try:
        with sample.open("r", encoding="utf-8-sig") as file:
            head = file.readline(200).strip()
            if head.replace('"', "") != HEADER:
                raise UsageError(
                    f"--sample must begin with the line {HEADER!r}, got {head[:40]!r}"
                    f" in {str(sample)!r}; name Kaggle's sample_submission.csv"
                )
            for line in file:
                if line.strip():
                    yield _checked(line.partition(",")[0].strip(' "\r\n'), sample)
    except (OSError, UnicodeDecodeError) as err:
        raise UsageError(f"--sample cannot be read: {err}") from err


def check_photos(sample: Path, images: Path, allow_missing: bool) -> int:
    """Returns how many photos of the sample are not there.

    Raises:
        UsageError: Some are absent and that is not allowed, one has two rows, or
            there is no row at all.
    """
    seen: set[str] = set()
    absent: list[str] = []
    for name in sample_names(sample):
        if name in seen:
            raise UsageError(
                f"each photo must have one row, but {name!r} has two in {str(sample)!r}"
            )
        seen.add(name)
        if not (images / name).is_file():
            absent.append(name)
    if not seen:
        raise UsageError(f"--sample must name photos, got no row in {str(sample)!r}")
    if absent and not allow_missing:
        raise UsageError(
            f"all {len(seen)} photos of the sample must be in {str(images)!r}, but"
            f" {len(absent)} are not, such as {', '.join(absent[:_SHOWN_NAMES])};"
            " unpack all of them, or write empty masks with --allow-missing"
        )
    return len(absent)


def _checked(name: str, sample: Path) -> str:
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise UsageError(
            f"each row of the sample must begin with a file's name, got {name!r} in"
            f" {str(sample)!r}"
        )
    return name
