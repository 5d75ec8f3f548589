"""Names go into a file and come back chunk by chunk."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.bulk_inference.work_plan import read_chunk, write_plan


@pytest.mark.parametrize("seed", range(5))
def test_chunks_hold_all_names_in_their_order(tmp_path: Path, seed: int) -> None:
    random.seed(seed)
    letters = "ab/ é車\"'\n,"
    names = [
        "".join(random.choices(letters, k=random.randint(1, 9)))
        for _ in range(random.randint(1, 40))
    ]
    size = random.randint(1, 9)

    places = write_plan(tmp_path / "plan", names, chunk_size=size)

    chunks = [read_chunk(tmp_path / "plan", place) for place in places]
    assert [name for chunk in chunks for name in chunk] == names
    assert {len(chunk) for chunk in chunks[:-1]} <= {size}
    assert [place.photos for place in places] == [len(chunk) for chunk in chunks]
    assert [place.index for place in places] == list(range(len(chunks)))
    # Any place is found without those ahead of it.
    assert read_chunk(tmp_path / "plan", places[-1]) == chunks[-1]


def test_a_name_that_is_no_text_comes_back_as_it_was(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")

    (place,) = write_plan(tmp_path / "plan", [name], chunk_size=3)

    (read,) = read_chunk(tmp_path / "plan", place)
    assert os.fsencode(read) == b"caf\xe9.jpg"


def test_names_are_taken_as_they_are_written(tmp_path: Path) -> None:
    written: list[int] = []

    def names() -> Iterator[str]:
        for index in range(9000):
            if index % 1000 == 0:
                written.append((tmp_path / "plan").stat().st_size)
            yield f"{index:09d}" * 10

    write_plan(tmp_path / "plan", names(), chunk_size=10)

    # Unwritten: at most a chunk, and what the file's own buffer holds.
    assert written == sorted(written)
    assert written[-1] > 8000 * 90 - 20000


def test_a_chunk_has_a_photo_or_more(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 photo or more, got 0"):
        write_plan(tmp_path / "plan", ["a"], chunk_size=0)
