"""What an annotation was drawn on is told from its size, or called undecided."""

from __future__ import annotations

import pytest

from tfds_builders.annotation_orientation import told_drawn_on
from tfds_builders.photo_bytes import Photo


@pytest.mark.parametrize(
    ("photo_size", "orientation", "annotation_size", "expected"),
    [
        ((40, 30), 1, (40, 30), "upright"),
        ((40, 30), 6, (40, 30), "upright"),
        ((40, 30), 6, (30, 40), "stored"),
        ((40, 30), 5, (30, 40), "stored"),
        ((30, 30), 1, (30, 30), "upright"),
        ((30, 30), 8, (30, 30), "undecided"),
        ((40, 30), 3, (40, 30), "undecided"),
        ((40, 30), 2, (40, 30), "undecided"),
        ((40, 30), 4, (40, 30), "undecided"),
        ((40, 30), 6, None, "undecided"),
        ((40, 30), 1, None, "upright"),
    ],
)
def test_sizes_tell_where_they_differ(
    photo_size: tuple[int, int],
    orientation: int,
    annotation_size: tuple[int, int] | None,
    expected: str,
) -> None:
    height_px, width_px = photo_size
    photo = Photo(
        data=b"", orientation=orientation, height_px=height_px, width_px=width_px
    )

    assert told_drawn_on(annotation_size, photo) == expected
