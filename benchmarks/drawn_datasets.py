"""Draws photo sets of any number of photos in the layouts of their owners.

Pictures have the size of the real ones and about as many bytes (0.6 bits a pixel in
Carvana's layout, 1.0 to 1.4 in the others), so that reading them costs about what it
costs there. The same index gives the same photo.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from tfds_builders.car_damage_aihub.taxonomy import DAMAGE_IDS, PART_IDS
from tfds_builders.car_parts_carseg.taxonomy import PART_NAMES
from tfds_builders.cityscapes_image_pairs.palette import PALETTE_RGB

Size = tuple[int, int]  # width, height
Polygon = list[tuple[int, int]]

CORNERS = 20
VIEWS = 16
# A studio is smooth; the others are streets and yards.
CARVANA_SIZE, CARVANA_DETAIL_PX = (1918, 1280), 64
CITYSCAPES_SIZE = (256, 256)  # of photo and of labels
# Labels were painted larger and then shrunk, which blends their edges.
CITYSCAPES_SHRINK = 4
CARSEG_SIZE = (256, 256)
AIHUB_SIZE = (960, 720)
VIA_SIZE = (1200, 900)
COCO_SIZE = (1024, 768)
COCO_CATEGORIES = ("hood", "left_door", "right_door", "wheel")
AIHUB = "160.차량파손 이미지 데이터/01.데이터/1.Training/"


def draw_photo(index: int, size: Size, detail_px: int = 16) -> Image.Image:
    """Draws smooth shapes that compress like a photo, finer ones to more bytes."""
    width, height = size
    rng = np.random.default_rng(index)
    coarse = rng.integers(
        0, 256, (height // detail_px, width // detail_px, 3), np.uint8
    )
    return Image.fromarray(coarse).resize(size)


def draw_outlines(index: int, size: Size, count: int) -> list[Polygon]:
    """Returns star-shaped outlines within the picture, the largest one first."""
    rng = np.random.default_rng([index, count])
    width, height = size
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    outlines = []
    for place in range(count):
        radius = rng.uniform(0.25, 0.4, CORNERS) / (1 + place / 2)
        x, y = rng.uniform(0.4, 0.6, 2)
        columns = (x + radius * np.cos(angles)) * width
        rows = (y + radius * np.sin(angles)) * height
        outlines.append(
            list(
                zip(
                    columns.astype(int).tolist(), rows.astype(int).tolist(), strict=True
                )
            )
        )
    return outlines


def paint(
    size: Size, outlines: Iterable[Polygon], values: Iterable[int]
) -> npt.NDArray[np.uint8]:
    """Returns the mask [height, width] with each outline filled with its value."""
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    for outline, value in zip(outlines, values, strict=True):
        pen.polygon(outline, fill=value)
    return np.array(mask)


def save_jpeg(image: Image.Image, path: Path) -> None:
    """Saves a photo, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, quality=85)


def save_json(form: Any, path: Path) -> None:
    """Saves an annotation file, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(form, ensure_ascii=False), "utf-8")


def draw_carvana(folder: Path, count: int) -> None:
    """Draws cars of 16 views, fewer where there would not be three cars."""
    cars = max(3, -(-count // VIEWS))
    (folder / "train_masks").mkdir(parents=True)
    for index in range(count):
        key = f"{index % cars:012x}_{index // cars + 1:02}"
        photo = draw_photo(index, CARVANA_SIZE, CARVANA_DETAIL_PX)
        save_jpeg(photo, folder / "train" / f"{key}.jpg")
        ids = paint(CARVANA_SIZE, draw_outlines(index, CARVANA_SIZE, 1), [1])
        mask = Image.frombytes("P", CARVANA_SIZE, ids.tobytes())
        mask.putpalette([0, 0, 0, 255, 255, 255])
        mask.save(folder / "train_masks" / f"{key}_mask.gif", optimize=False)
    rows = [f"{car:012x},2015,Kia,Soul,Soul,Base" for car in range(cars)]
    table = "\n".join(["id,year,make,model,trim1,trim2", *rows])
    (folder / "metadata.csv").write_text(table + "\n")


def draw_cityscapes(folder: Path, count: int) -> None:
    """Draws photo and label colours side by side; every sixth is of val."""
    width, height = CITYSCAPES_SIZE
    large = (width * CITYSCAPES_SHRINK, height * CITYSCAPES_SHRINK)
    for index in range(count):
        photo = draw_photo(index, CITYSCAPES_SIZE)
        rng = np.random.default_rng(index)
        colours = rng.choice(len(PALETTE_RGB), 12, replace=False).tolist()
        ids = paint(large, draw_outlines(index, large, len(colours)), colours)
        label = Image.fromarray(PALETTE_RGB[ids]).resize(CITYSCAPES_SIZE)
        picture = Image.new("RGB", (2 * width, height))
        picture.paste(photo)
        picture.paste(label, (width, 0))
        split = "train" if index % 6 else "val"
        # Numbers of blocks of their own: a short val is divided, too.
        name = f"{50 * index + 1}.jpg"
        save_jpeg(picture, folder / "cityscapes_data" / split / name)


def draw_carseg(folder: Path, count: int) -> None:
    """Draws arrays of photo and part; none of the owner's 30 test photos."""
    (folder / "arrays").mkdir(parents=True)
    values = [90, *(value for value in PART_NAMES if 0 < value < 90)]
    for index in range(count):
        outlines = draw_outlines(index, CARSEG_SIZE, len(values))
        parts = paint(CARSEG_SIZE, outlines, values)
        array = np.dstack([np.asarray(draw_photo(index, CARSEG_SIZE)), parts])
        np.save(folder / "arrays" / f"photo_{index + 31:04}.npy", array)


def draw_aihub(folder: Path, count: int) -> None:
    """Draws every photo for both kinds of label, two of them to a case."""
    for index in range(count):
        stem = f"{index:07}_sc-{index // 2:06}"
        photo = draw_photo(index, AIHUB_SIZE)
        for kind in ("damage", "damage_part"):
            data, label = (
                folder / AIHUB / half / f"{letters}_{kind}" / kind / stem
                for half, letters in (("1.원천데이터", "TS"), ("2.라벨링데이터", "TL"))
            )
            save_jpeg(photo, data.with_suffix(".jpg"))
            form = aihub_label(index, stem, with_parts=kind == "damage_part")
            save_json(form, label.with_suffix(".json"))


def aihub_label(index: int, stem: str, *, with_parts: bool) -> dict[str, Any]:
    """Returns a label of two damages and, if asked for, of four parts."""
    parts, damages = list(PART_IDS), list(DAMAGE_IDS)
    named: list[dict[str, Any]] = [
        {"damage": damages[index % 4], "part": None},
        {"damage": damages[(index + 1) % 4], "part": None},
    ]
    outlines = draw_outlines(index, AIHUB_SIZE, 6)[::-1]
    if with_parts:
        named += [
            {"damage": None, "part": parts[(index + place) % len(parts)]}
            for place in range(4)
        ]
    return {
        "images": {
            "id": index,
            "width": AIHUB_SIZE[0],
            "height": AIHUB_SIZE[1],
            "file_name": f"{stem}.jpg",
        },
        "annotations": [
            entry
            | {
                "segmentation": [[[*outline, outline[0]]]],
                "year": 2018,
                "color": "White",
            }
            for entry, outline in zip(named, outlines, strict=False)
        ],
        "categories": {"id": "sc-1", "supercategory_name": "Full-size car"},
    }


def draw_via(folder: Path, count: int) -> None:
    """Draws train and val of VIA 2.x; every sixth photo is of val."""
    entries: dict[str, dict[str, Any]] = {"train": {}, "val": {}}
    for index in range(count):
        split, name = "train" if index % 6 else "val", f"{index}.jpg"
        save_jpeg(draw_photo(index, VIA_SIZE), folder / "dataset" / split / name)
        entries[split][f"{name}100"] = {
            "filename": name,
            "size": 100,
            "file_attributes": {},
            "regions": [via_region(line) for line in draw_outlines(index, VIA_SIZE, 3)],
        }
    for split, form in entries.items():
        save_json(form, folder / "dataset" / split / "via_region_data.json")


def via_region(outline: Polygon) -> dict[str, Any]:
    """Returns one damage as VIA writes it."""
    x, y = zip(*outline, strict=True)
    return {
        "shape_attributes": {"name": "polygon", "all_points_x": x, "all_points_y": y},
        "region_attributes": {"name": "damage"},
    }


def draw_coco(folder: Path, count: int) -> None:
    """Draws one annotation file with four objects in every photo."""
    width, height = COCO_SIZE
    images, annotations = [], []
    for index in range(count):
        name = f"car{index}.jpg"
        save_jpeg(draw_photo(index, COCO_SIZE), folder / "photos" / name)
        images.append(
            {"id": index, "file_name": name, "width": width, "height": height}
        )
        for place, outline in enumerate(draw_outlines(index, COCO_SIZE, 4)):
            annotations.append(
                {
                    "id": 4 * index + place,
                    "image_id": index,
                    "category_id": place + 1,
                    "segmentation": [[value for corner in outline for value in corner]],
                    "iscrowd": 0,
                }
            )
    categories = [
        {"id": number, "name": name} for number, name in enumerate(COCO_CATEGORIES, 1)
    ]
    form = {"images": images, "annotations": annotations, "categories": categories}
    save_json(form, folder / "cars.json")


DRAWN_SETS: dict[str, Callable[[Path, int], None]] = {
    "carvana": draw_carvana,
    "cityscapes_image_pairs": draw_cityscapes,
    "car_parts_carseg": draw_carseg,
    "car_damage_aihub": draw_aihub,
    "car_damage_small": draw_via,
    "coco_cars": draw_coco,
}
