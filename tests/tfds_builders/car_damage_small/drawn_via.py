"""Draws VIA folders: seeded photos and annotation files in their owners' layouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.tfds_builders.drawn_files import noise_jpeg, turned_noise_jpeg, write

HEIGHT, WIDTH = 32, 48
DEMO = (
    ("test_pattern_qbist.jpg", 129855),
    ("a_swan_swimming_in_geneve_lake.jpg", 62201),
    ("sinus_test_pattern.jpg", 27894),
)


def jpeg(
    seed: int = 0, size: tuple[int, int] = (HEIGHT, WIDTH), **options: Any
) -> bytes:
    return noise_jpeg(size, seed, **options)


def turned_jpeg(orientation: int, size: tuple[int, int] = (HEIGHT, WIDTH)) -> bytes:
    return turned_noise_jpeg(size, orientation)


def box(left: int, top: int, right: int, bottom: int) -> dict[str, Any]:
    """Returns the shape of a rectangle that was drawn as a polygon."""
    return {
        "name": "polygon",
        "all_points_x": [left, right, right, left],
        "all_points_y": [top, top, bottom, bottom],
    }


def region(shape: Any, label: str = "damage", key: str = "name") -> dict[str, Any]:
    return {"shape_attributes": shape, "region_attributes": {key: label}}


def via(
    regions: Mapping[str, Sequence[Any]], *, as_mapping: bool = False
) -> dict[str, Any]:
    """Returns a VIA file: 1.x has a mapping of regions, 2.x a list."""
    return {
        f"{name}100": {
            "filename": name,
            "size": 100,
            "file_attributes": {},
            "regions": {str(n): entry for n, entry in enumerate(listed)}
            if as_mapping
            else list(listed),
        }
        for name, listed in regions.items()
    }


def project(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "_via_settings": {"ui": {}},
        "_via_img_metadata": dict(entries),
        "_via_attributes": {"region": {}, "file": {}},
    }


def draw_via_1(folder: Path, train: int = 7) -> Path:
    """Draws the VIA 1.x set with all its oddities in small.

    Train: photos image0..., image3 without a region, three demo entries without a
    photo. Val: image0 (another photo), image8.jpeg and image8.jpg, and image9, whose
    bytes are those of train's image1. Test: one photo without annotations.
    """
    raw = folder / "data" / "raw"
    names = [f"image{n}.jpeg" for n in range(train)]
    for n, name in enumerate(names):
        write(raw / "train" / name, jpeg(n))
    found = {
        name: [] if n == 3 else [region(box(4, 2, 36, 22))]
        for n, name in enumerate(names)
    }
    demo = via({name: [] for name, _ in DEMO}, as_mapping=True)
    write(raw / "train" / "via_region_data.json", demo | via(found, as_mapping=True))
    val = {"image0.jpeg": 50, "image8.jpeg": 51, "image8.jpg": 52, "image9.jpg": 1}
    for name, seed in val.items():
        write(raw / "val" / name, jpeg(seed))
    regions = [region(box(8, 6, 16, 10), key="Class Name")]
    write(
        raw / "val" / "via_region_data.json",
        via(dict.fromkeys(val, regions), as_mapping=True),
    )
    write(raw / "test" / "image1.jpg", jpeg(90))
    for name in ("train", "val"):
        write(folder / "data" / "prepped" / name / "images" / "image0.png", jpeg(91))
    return folder


def draw_via_2(folder: Path, train: int = 7) -> Path:
    """Draws the VIA 2.x set: damage and parts, train 0 and 1 are the same photo."""
    for name, count, first in (("train", train, 0), ("val", 2, 60)):
        where = folder / "dataset" / name
        names = [f"{first + n}.jpg" for n in range(count)]
        for n, photo in enumerate(names):
            write(where / photo, jpeg(first + max(n, 1)))
        damage = via({photo: [region(box(8, 6, 16, 10))] for photo in names})
        write(where / "via_region_data.json", damage)
        write(where / f"car-damage-{name}.json", project(damage))
        write(where / f"car-damage-{name}_attributes.json", {"region": {}, "file": {}})
        parts = [
            region(box(4, 2, 36, 22), "door"),
            region(box(6, 4, 20, 12), "headlamp"),
        ]
        write(where / f"{name}_multiclass.json", via(dict.fromkeys(names, parts)))
        write(where / "via_region_data.csv", b"filename,file_size\n")
    return folder
