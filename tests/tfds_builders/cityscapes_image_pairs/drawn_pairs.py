"""Draws pictures of photo and label colours as the owner publishes them.

As a script it draws docs/images/cityscapes_decoding.png: label colours as they were
painted, after JPEG read by the nearest colour, and as the builder decodes them.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from tfds_builders.cityscapes_image_pairs.label_decoding import (
    decode_labels,
    nearest_colours,
)
from tfds_builders.cityscapes_image_pairs.palette import (
    NUM_CLASSES,
    PALETTE,
    PALETTE_RGB,
)

INDEX = {entry.name: index for index, entry in enumerate(PALETTE)}
SHRINK = 4
QUALITY = 92


def street(size_px: int = 64, seed: int = 0) -> np.ndarray:
    """Returns palette indices [size, size] of a street: cars and a bonnet, no truck."""
    sheet = Image.new("L", (size_px, size_px), INDEX["building"])
    draw = ImageDraw.Draw(sheet)

    def scaled(*corners: float) -> list[float]:
        return [corner * size_px for corner in corners]

    draw.polygon(scaled(0.2, 0, 0.8, 0, 0.6, 0.4, 0.4, 0.4), INDEX["sky"])
    draw.ellipse(scaled(0.7, 0.1, 1.1, 0.5), INDEX["vegetation"])
    draw.rectangle(scaled(0, 0.5, 1, 1), INDEX["road"])
    draw.polygon(scaled(0, 0.5, 0.3, 0.5, 0, 0.8), INDEX["sidewalk"])
    for left in (0.1, 0.6):
        top = 0.42 + 0.01 * np.random.default_rng(seed).integers(0, 8)
        # Unlabelled shadow: its edge with the car blends into truck's colour.
        draw.ellipse(scaled(left, top + 0.1, left + 0.3, top + 0.36), 19)
        draw.ellipse(scaled(left, top, left + 0.3, top + 0.3), INDEX["car"])
    draw.ellipse(scaled(-0.2, 0.88, 1.2, 1.3), INDEX["unlabelled"])
    return np.array(sheet)


def photo(size_px: int = 64, seed: int = 0) -> np.ndarray:
    """Returns a smooth photo [size, size, 3]."""
    rows, columns = np.mgrid[:size_px, :size_px] * (255 // size_px)
    return np.stack([rows, columns, np.full_like(rows, 40 * seed % 256)], -1).astype(
        np.uint8
    )


def picture(ids: np.ndarray, seed: int = 0) -> Image.Image:
    """Returns photo and the indices' colours side by side, not yet compressed."""
    label_rgb = PALETTE_RGB[ids]
    return Image.fromarray(np.hstack([photo(len(ids), seed), label_rgb]))


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling=2)
    return out.getvalue()


def draw_set(folder: Path, train: list[int], val: list[int]) -> None:
    """Draws `train/N.jpg` and `val/N.jpg` into the folder."""
    for name, numbers in (("train", train), ("val", val)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in numbers:
            data = jpeg(picture(street(seed=number), number))
            (folder / name / f"{number}.jpg").write_bytes(data)


def blurred_labels(ids: np.ndarray) -> np.ndarray:
    """Returns the label half after shrinking (blended edges) and JPEG."""
    label = Image.fromarray(PALETTE_RGB[ids])
    size = (ids.shape[1] // SHRINK, ids.shape[0] // SHRINK)
    small = label.resize(size, Image.Resampling.BICUBIC)
    return np.asarray(Image.open(io.BytesIO(jpeg(small))).convert("RGB"))


def draw_before_and_after(path: Path) -> None:
    """Draws the picture of README.md: painted, nearest colour, decoded."""
    size_px, zoom, margin = 128, 4, 18
    ids = street(size_px * SHRINK)
    label_rgb = blurred_labels(ids)
    shown = np.vstack([PALETTE_RGB, np.full((256 - len(PALETTE), 3), 255, np.uint8)])
    # Truck is nearly black, so that pictures for people need another colour.
    shown[INDEX["truck"]] = (255, 255, 0)
    shown_classes = shown.copy()
    shown_classes[NUM_CLASSES:] = 255
    panels = {
        "painted": shown[ids[::SHRINK, ::SHRINK]],
        "nearest colour (truck shown yellow)": shown[nearest_colours(label_rgb)[0]],
        "decoded (void shown white)": shown_classes[decode_labels(label_rgb)],
    }
    sheet = Image.new("RGB", (len(panels) * size_px * zoom, size_px * zoom + margin))
    for place, (title, rgb) in enumerate(panels.items()):
        left = place * size_px * zoom
        big = Image.fromarray(rgb).resize((size_px * zoom, size_px * zoom), 0)
        sheet.paste(big, (left, margin))
        ImageDraw.Draw(sheet).text((left + 4, 3), title, fill=(255, 255, 255))
    sheet.save(path, optimize=True)


if __name__ == "__main__":
    root = Path(__file__).parents[3]
    draw_before_and_after(root / "docs/images/cityscapes_decoding.png")
