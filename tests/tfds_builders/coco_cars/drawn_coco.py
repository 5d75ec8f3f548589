"""Draws COCO folders: seeded photos and annotation files in their owners' layouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.tfds_builders.drawn_files import noise_jpeg, turned_noise_jpeg, write
from tfds_builders.coco_cars.taxonomy import DSMLR_NAMES

HEIGHT, WIDTH = 32, 48
# Category ids with a gap, not in order, the background in the middle.
CATEGORIES = [
    {"id": 9, "name": "right_door", "supercategory": "side"},
    {"id": 0, "name": "left_door", "supercategory": "side"},
    {"id": 4, "name": "Background"},
    {"id": 7, "name": "hood"},
]
DSMLR_CATEGORIES = [
    {"id": 1, "name": "_background_", "supercategory": ""},
    *({"id": i + 1, "name": name} for i, name in enumerate(DSMLR_NAMES) if i),
]
# The right answer can be read off: x 4 to 12, y 2 to 10, and so on.
BIG = [4, 2, 36, 2, 36, 22, 4, 22]
SMALL = [8, 6, 16, 6, 16, 10, 8, 10]


def jpeg(
    seed: int = 0, size: tuple[int, int] = (HEIGHT, WIDTH), **options: Any
) -> bytes:
    return noise_jpeg(size, seed, **options)


def turned_jpeg(orientation: int, size: tuple[int, int] = (HEIGHT, WIDTH)) -> bytes:
    return turned_noise_jpeg(size, orientation)


def image(number: int, name: str, **fields: Any) -> dict[str, Any]:
    return {"id": number, "file_name": name, "height": HEIGHT, "width": WIDTH} | fields


def annotation(
    number: int, image_id: int, category_id: int, outline: Any, **fields: Any
) -> dict[str, Any]:
    return {
        "id": number,
        "image_id": image_id,
        "category_id": category_id,
        "segmentation": outline,
        "iscrowd": 0,
    } | fields


def coco(
    images: Sequence[Mapping[str, Any]],
    annotations: Sequence[Mapping[str, Any]],
    categories: Sequence[Mapping[str, Any]] = CATEGORIES,
    **fields: Any,
) -> dict[str, Any]:
    return {
        "images": list(images),
        "categories": list(categories),
        "annotations": list(annotations),
    } | fields


def draw_folder(folder: Path, count: int = 6) -> Path:
    """Draws photos with one door each and one annotation file beside them."""
    names = [f"car{index}_0.jpg" for index in range(count)]
    for index, name in enumerate(names):
        write(folder / "photos" / name, jpeg(index))
    images = [image(index, name) for index, name in enumerate(names)]
    doors = [annotation(index + 1, index, 0, [BIG]) for index in range(count)]
    write(folder / "cars.json", coco(images, doors))
    return folder


def draw_dsmlr(folder: Path, train: int = 6, test: int = 2) -> Path:
    """Draws dsmlr's two folders: a back door (left) and a wheel in every photo."""
    for split, prefix, count, first in (
        ("trainingset", "train", train, 1),
        ("testset", "car", test, 401),
    ):
        names = [f"{prefix}{index + 1}.jpg" for index in range(count)]
        for index, name in enumerate(names):
            write(folder / split / "JPEGImages" / name, jpeg(first + index))
        images = [
            image(first + index, name, path=f"JPEGImages/{name}", dataset_id=1)
            for index, name in enumerate(names)
        ]
        parts = [
            annotation(
                first + 2 * index + place,
                first + index,
                category,
                [outline],
                iscrowd=False,
            )
            for index in range(count)
            for place, (category, outline) in enumerate([(19, SMALL), (4, BIG)])
        ]
        write(
            folder / split / "annotations.json", coco(images, parts, DSMLR_CATEGORIES)
        )
    return folder
