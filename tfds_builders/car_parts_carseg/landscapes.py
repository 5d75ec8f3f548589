"""Lists the empty landscapes that rendered cars can be pasted into."""

from __future__ import annotations

from pathlib import Path

from tfds_builders.car_parts_carseg.carseg_layout import (
    PICTURE_SUFFIXES,
    find_carseg_folder,
)

LANDSCAPES_FOLDER = "landscapes"


def list_landscapes(folder: Path) -> list[str]:
    """Returns the landscapes' paths below the user's folder, sorted; none is opened.

    They carry no car and no mask, so they are no records; an augmentation may paste
    the car of a render (its pixels with a part value above 0) over one of them.

    Args:
        folder: The folder that the user points the builder at.

    Returns:
        An empty list where the data came without landscapes.

    Raises:
        ValueError: The folder is none of this dataset.
    """
    return [
        path
        for path in find_carseg_folder(folder).image_paths(LANDSCAPES_FOLDER)
        if path.lower().endswith(PICTURE_SUFFIXES)
    ]
