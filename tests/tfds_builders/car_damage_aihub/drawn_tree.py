"""Draws AI Hub's tree: seeded photos and labels whose polygons are rectangles."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.tfds_builders.drawn_files import turned_noise_jpeg, write

HEIGHT, WIDTH = 30, 40
DATA = "160.차량파손 이미지 데이터/01.데이터/"
SPLITS = {"Training": ("1.Training", "T"), "Validation": ("2.Validation", "V")}

Box = tuple[int, int, int, int]


def photo_jpeg(
    seed: int = 0, size: tuple[int, int] = (HEIGHT, WIDTH), orientation: int = 1
) -> bytes:
    return turned_noise_jpeg(size, orientation, seed)


def corners(box: Box) -> list[list[int]]:
    """Returns the rectangle x0, y0, x1, y1 as the owner writes it: closed."""
    x0, y0, x1, y1 = box
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]


def annotation(
    box: Box = (5, 5, 15, 12),
    *,
    damage: str | None = None,
    part: str | None = None,
    **fields: Any,
) -> dict[str, Any]:
    x0, y0, x1, y1 = box
    return {
        "id": 1,
        "image_id": 1,
        "category_id": "sc-1",
        "segmentation": [[corners(box)]],
        "area": float((x1 - x0) * (y1 - y0)),
        "bbox": [x0, y0, x1 - x0, y1 - y0],
        "damage": damage,
        "part": part,
        "year": None,
        "color": None,
        "level": None,
        "repair": [],
    } | fields


SCRATCH = annotation((2, 3, 12, 9), damage="Scratched", year=2018, color="White")
BUMPER = annotation((0, 15, 40, 30), part="Front bumper")


def label(
    stem: str,
    annotations: Any = (SCRATCH,),
    *,
    size: tuple[int, int] = (HEIGHT, WIDTH),
    vehicle_size: str = "Full-size car",
    **fields: Any,
) -> dict[str, Any]:
    image = {
        "id": 1,
        "width": size[1],
        "height": size[0],
        "file_name": f"{stem}.jpg",
    }
    return {
        "info": {"name": "socar", "date_created": "03/08/2022"},
        "images": image,
        "annotations": list(annotations)
        if isinstance(annotations, tuple)
        else annotations,
        "categories": {"id": "sc-1", "supercategory_name": vehicle_size},
    } | fields


def place(kind: str, owner_split: str = "Training", *, of_labels: bool = False) -> str:
    """Returns the folder of photos or labels below the one that holds the dataset."""
    folder, letter = SPLITS[owner_split]
    half = ("1.원천데이터", "S") if not of_labels else ("2.라벨링데이터", "L")
    return f"{DATA}{folder}/{half[0]}/{letter}{half[1]}_{kind}/{kind}/"


def draw(
    root: Path,
    stem: str,
    kind: str = "damage",
    annotations: Any = (SCRATCH,),
    *,
    owner_split: str = "Training",
    photo: bytes | None = None,
    form: dict[str, Any] | None = None,
    spelling: str = "NFC",
) -> None:
    """Draws one photo and its label below the folder that holds the dataset."""
    seed = sum(stem.encode())
    form = label(stem, annotations) if form is None else form
    for path, data in (
        (
            f"{place(kind, owner_split)}{stem}.jpg",
            photo_jpeg(seed) if photo is None else photo,
        ),
        (
            f"{place(kind, owner_split, of_labels=True)}{stem}.json",
            json.dumps(form, ensure_ascii=False).encode(),
        ),
    ):
        write(root / unicodedata.normalize(spelling, path), data)


def draw_tree(root: Path, stems: Sequence[str], **options: Any) -> Path:
    """Draws both kinds of every stem: a scratch, and in `damage_part` a bumper too."""
    for stem in stems:
        draw(root, stem, "damage", (SCRATCH,), **options)
        draw(root, stem, "damage_part", (SCRATCH, BUMPER), **options)
    return root


def stems(cases: int, photos: int = 1) -> list[str]:
    """Returns stems of so many cases, half `as`, half `sc`, so many photos each."""
    return [
        f"{case * photos + photo:07}_{'as' if case % 2 else 'sc'}-{case:06}"
        for case in range(cases)
        for photo in range(photos)
    ]
