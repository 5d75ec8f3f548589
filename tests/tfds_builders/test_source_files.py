"""Files are read without the machine's paths in any message."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfds_builders.source_files import read_json_source, read_source


def test_json_is_read_with_and_without_a_byte_order_mark(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        (tmp_path / "a.json").write_text('{"부위": 1}', encoding)

        assert read_json_source(tmp_path, "a.json") == {"부위": 1}


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe{}", b""], ids=["cut", "bytes", "0"])
def test_what_is_no_json_is_named_without_the_folder(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "a.json").write_bytes(data)

    with pytest.raises(ValueError, match=r"^'a\.json' must hold JSON in UTF-8") as told:
        read_json_source(tmp_path, "a.json")

    assert str(tmp_path) not in str(told.value)


def test_a_missing_file_is_named_without_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^cannot read 'b/c\.jpg': No such") as told:
        read_source(tmp_path, "b/c.jpg")

    assert str(tmp_path) not in str(told.value)
