"""Photos are told by their suffix, and by it alone only where they must be."""

from __future__ import annotations

from tfds_builders.photo_files import photo_ids


def test_ids_keep_the_suffix_only_where_it_tells_photos_apart() -> None:
    assert photo_ids(["b/1.jpg", "b/1.jpeg", "a/1.jpg"]) == {
        "b/1.jpg": "b/1.jpg",
        "b/1.jpeg": "b/1.jpeg",
        "a/1.jpg": "a/1",
    }
