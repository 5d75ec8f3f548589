"""What a plain script does to a drawn set: the work of a builder, by Pillow alone.

Every photo is opened, decoded and hashed, as a builder does to refuse a broken file
and to store the good one; every mask is painted and saved as a PNG at Pillow's fastest
level. No checks, no instances, no records.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from drawn_datasets import AIHUB_SIZE, COCO_SIZE, VIA_SIZE, Polygon, Size, paint
from PIL import Image

from tfds_builders.cityscapes_image_pairs.palette import PALETTE_RGB


def open_photo(path: Path) -> Image.Image:
    """Reads, hashes and decodes one picture."""
    data = path.read_bytes()
    hashlib.sha256(data).hexdigest()
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def save_png(image: Image.Image) -> bytes:
    """Returns the PNG of a picture, quickly."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def save_mask(size: Size, outlines: Iterable[Polygon], values: Iterable[int]) -> bytes:
    """Paints a mask and returns its PNG."""
    return save_png(Image.fromarray(paint(size, outlines, values)))


def carvana(folder: Path) -> None:
    """Decodes photos, turns GIF masks into PNG."""
    for path in sorted(folder.glob("train/*.jpg")):
        open_photo(path)
        mask = open_photo(folder / "train_masks" / f"{path.stem}_mask.gif")
        save_png(Image.fromarray(np.asarray(mask)))


def cityscapes(folder: Path) -> None:
    """Cuts photos off, gives each label pixel its nearest colour, for three masks."""
    palette = Image.new("P", (1, 1))
    palette.putpalette(PALETTE_RGB.astype(np.uint8).tobytes())
    for path in sorted(folder.glob("cityscapes_data/*/*.jpg")):
        picture = open_photo(path)
        height = picture.height
        save_png(picture.crop((0, 0, height, height)))
        labels = picture.crop((height, 0, 2 * height, height))
        ids = np.asarray(labels.quantize(palette=palette, dither=Image.Dither.NONE))
        for _ in range(3):
            save_png(Image.fromarray(ids))


def carseg(folder: Path) -> None:
    """Splits arrays into photo and mask."""
    for path in sorted(folder.glob("arrays/*.npy")):
        array = np.load(path)
        save_png(Image.fromarray(array[..., :3]))
        save_png(Image.fromarray(array[..., 3] // 10))


def aihub(folder: Path) -> None:
    """Paints damage and parts, each in two masks."""
    for path in sorted(folder.glob("**/TS_damage_part/*/*.jpg")):
        open_photo(path)
        found: dict[str, list[Polygon]] = defaultdict(list)
        for label in folder.glob(f"**/{path.stem}.json"):
            for entry in json.loads(label.read_bytes())["annotations"]:
                kind = "part" if entry["part"] else "damage"
                (outline,) = entry["segmentation"][0]
                found[kind].append([(x, y) for x, y in outline])
        for outlines in found.values():
            for _ in range(2):
                save_mask(AIHUB_SIZE, outlines, range(1, len(outlines) + 1))


def via(folder: Path) -> None:
    """Paints the damages of each photo."""
    for split in ("train", "val"):
        where = folder / "dataset" / split
        entries = json.loads((where / "via_region_data.json").read_bytes())
        for entry in entries.values():
            open_photo(where / entry["filename"])
            outlines = [_outline_of(region) for region in entry["regions"]]
            save_mask(VIA_SIZE, outlines, [1] * len(outlines))


def _outline_of(region: dict[str, Any]) -> Polygon:
    shape = region["shape_attributes"]
    return list(zip(shape["all_points_x"], shape["all_points_y"], strict=True))


def coco(folder: Path) -> None:
    """Paints the objects of each photo."""
    form = json.loads((folder / "cars.json").read_bytes())
    found = defaultdict(list)
    for entry in form["annotations"]:
        found[entry["image_id"]].append(entry)
    for image in form["images"]:
        open_photo(folder / "photos" / image["file_name"])
        entries = found[image["id"]]
        outlines = [
            list(zip(line[::2], line[1::2], strict=True))
            for entry in entries
            for line in entry["segmentation"]
        ]
        save_mask(COCO_SIZE, outlines, [entry["category_id"] for entry in entries])


PLAIN_SCRIPTS: dict[str, Callable[[Path], None]] = {
    "carvana": carvana,
    "cityscapes_image_pairs": cityscapes,
    "car_parts_carseg": carseg,
    "car_damage_aihub": aihub,
    "car_damage_small": via,
    "coco_cars": coco,
}
