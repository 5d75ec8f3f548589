"""A chunk's file is there when it is whole, and says so of itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.bulk_inference.part_file import (
    PhotoEntry,
    is_whole,
    part_key,
    part_path,
    read_part,
    remove_parts_from,
    write_part,
)

ENTRIES = [
    PhotoEntry(photo="a", source="1 2", fields={"n": [1.5], "t": "é"}),
    PhotoEntry(photo="b\udce9", source="", fields={}, failure="no\tpicture"),
    PhotoEntry(photo="c", source="9", fields={}, lines=('{"photo": 1}', "x", "")),
    PhotoEntry(photo="d", source="9", fields={"sha256": "0"}),
]


def test_entries_come_back_as_they_were(tmp_path: Path) -> None:
    write_part(tmp_path / "part", "key", ENTRIES)

    assert list(read_part(tmp_path / "part")) == ENTRIES
    assert is_whole(tmp_path / "part", "key")


def test_any_altered_byte_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "part"
    write_part(path, "key", ENTRIES)
    whole = path.read_bytes()

    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert not is_whole(path, "key"), place
        path.write_bytes(whole[:place])
        assert not is_whole(path, "key"), place
    path.write_bytes(whole)
    assert is_whole(path, "key")
    assert not is_whole(path, "other key")
    assert not is_whole(tmp_path / "none", "key")


def test_what_breaks_off_leaves_no_file_of_that_name(tmp_path: Path) -> None:
    def broken() -> Iterator[PhotoEntry]:
        yield ENTRIES[0]
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        write_part(tmp_path / "part", "key", broken())

    assert not (tmp_path / "part").exists()
    write_part(tmp_path / "part", "key", ENTRIES)
    assert [path.name for path in tmp_path.iterdir()] == ["part"]


def test_a_key_follows_from_settings_names_and_their_order() -> None:
    keys = {
        part_key("model", ["a", "b"]),
        part_key("other", ["a", "b"]),
        part_key("model", ["b", "a"]),
        part_key("model", ["a,b"]),
        part_key("model", ["a"]),
    }

    assert len(keys) == 5
    assert part_key("model", ("a", "b")) in keys


def test_parts_of_a_longer_plan_are_removed(tmp_path: Path) -> None:
    for index in range(12):
        write_part(part_path(tmp_path, index), "key", [])
    (tmp_path / "part-000010.jsonl.staged").touch()
    (tmp_path / "part-000003.jsonl.staged").touch()

    remove_parts_from(tmp_path, 10)

    left = sorted(path.name for path in tmp_path.iterdir())
    expected = [f"part-{index:06d}.jsonl" for index in range(10)]
    assert left == sorted([*expected, "part-000003.jsonl.staged"])
