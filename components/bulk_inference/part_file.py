"""The file of a finished chunk: an entry per photo, and a last line that proves it.

It appears under its name when it is whole. A photo's entry is one line of JSON, behind
which its own lines stand untouched, so that who wants entries need not parse them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_STAGED_SUFFIX = ".staged"


@dataclass(frozen=True, kw_only=True)
class PhotoEntry:
    """What became of one photo.

    Attributes:
        photo: Its name.
        source: State of the photo's file, to see that it is still the same; empty
            where the photo is to be tried again by the next run.
        fields: What was found; empty where the photo failed.
        failure: Why it failed; empty where it did not.
        lines: Lines of text that belong to it, without line breaks.
    """

    photo: str
    source: str
    fields: Mapping[str, Any]
    failure: str = ""
    lines: tuple[str, ...] = ()


def part_path(folder: Path, index: int) -> Path:
    """Returns the place of a chunk's file."""
    return folder / f"part-{index:06d}.jsonl"


def part_key(identity: str, names: Iterable[str]) -> str:
    """Returns what the chunk's results follow from, as one short text.

    Args:
        identity: Of the model and of all settings.
        names: Of the chunk's photos.
    """
    text = json.dumps([identity, *names])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def write_part(path: Path, key: str, entries: Iterable[PhotoEntry]) -> None:
    """Writes entries as they come; the file is there when the last one is."""
    staged = path.with_name(path.name + _STAGED_SUFFIX)
    digest = hashlib.sha256()
    with staged.open("wb") as file:
        for entry in entries:
            text = "".join(f"{line}\n" for line in (_to_json(entry), *entry.lines))
            digest.update(data := text.encode("ascii"))
            file.write(data)
        file.write(_last_line(key, digest.hexdigest()))
    staged.replace(path)


def is_whole(path: Path, key: str) -> bool:
    """Says whether the file is there, unaltered, and made from the same."""
    digest = hashlib.sha256()
    line = b""
    try:
        with path.open("rb") as file:
            for following in file:
                digest.update(line)
                line = following
    except FileNotFoundError:
        return False
    return line == _last_line(key, digest.hexdigest())


def read_part(path: Path) -> Iterator[PhotoEntry]:
    """Yields the entries of a file that is whole."""
    with path.open("r", encoding="ascii") as file:
        for line in file:
            stated = json.loads(line)
            if "photo" not in stated:  # the last line
                return
            count = stated.pop("lines")
            lines = tuple(next(file).rstrip("\n") for _ in range(count))
            yield PhotoEntry(**stated, lines=lines)


def remove_parts_from(folder: Path, index: int) -> None:
    """Removes what an earlier, longer plan left behind."""
    first = part_path(folder, index).name
    for path in folder.glob("part-*"):
        if path.name.removesuffix(_STAGED_SUFFIX) >= first:
            path.unlink()


def _to_json(entry: PhotoEntry) -> str:
    return json.dumps(
        {
            "photo": entry.photo,
            "source": entry.source,
            "fields": dict(entry.fields),
            "failure": entry.failure,
            "lines": len(entry.lines),
        }
    )


def _last_line(key: str, digest: str) -> bytes:
    return json.dumps({"key": key, "sha256": digest}).encode("ascii") + b"\n"
