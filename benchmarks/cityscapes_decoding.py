"""What decoding does to the label colours of cityscapes_image_pairs, in numbers.

    python benchmarks/cityscapes_decoding.py --photos DIR [--count N]

DIR holds the owner's `train` and `val`. Takes the first N pictures of train by number
and says for three ways of reading (nearest of the 19 class colours, nearest of all 29
colours, the builder's decoding) in how many pictures a rare class has over 50 pixels,
how much becomes void, and how many of the pixels within distance 10 of a colour keep
that colour's class; then how many pixels of trucks and buses that a person found in
the photos are left, in whatever of those pictures DIR has.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from tfds_builders.cityscapes_image_pairs.label_decoding import (
    DEFAULT_MAX_COLOUR_DISTANCE,
    decode_labels,
    nearest_colours,
)
from tfds_builders.cityscapes_image_pairs.palette import NUM_CLASSES, PALETTE_RGB
from tfds_builders.cityscapes_image_pairs.taxonomy import TAXONOMIES, id_table

Array = npt.NDArray[np.uint8]
Decode = Callable[[Array], Array]

NAMES = TAXONOMIES["classes19"].names
RARE = ("truck", "bus", "train", "wall", "fence")
MIN_PIXELS = 50
SURE_DISTANCE = 10.0
# Found by eye in the photos, large and small ones.
SEEN = {
    "truck": (
        *(345, 753, 769, 777, 809, 1049, 1177, 1193),
        *(1209, 1289, 1385, 1473, 2281, 2337, 2409, 2665),
    ),
    "bus": (
        *(289, 865, 905, 1185, 1257, 1433, 1449),
        *(1593, 1921, 2193, 2521, 2673, 2897, 2905),
    ),
}


def nearest_of_19(label_rgb: Array) -> Array:
    """Class of the nearest class colour, as most readers of this set do it."""
    difference = label_rgb[..., None, :].astype(int) - PALETTE_RGB[:NUM_CLASSES]
    return (difference**2).sum(-1).argmin(-1).astype(np.uint8)


def nearest_of_29(label_rgb: Array) -> Array:
    """Class of the nearest colour, void colours included."""
    return id_table("classes19")[nearest_colours(label_rgb)[0]]


def decoded(max_colour_distance: float) -> Decode:
    """The builder's decoding."""
    table = id_table("classes19")
    return lambda label_rgb: table[
        decode_labels(label_rgb, max_colour_distance=max_colour_distance)
    ]


def read_labels(path: Path) -> Array:
    """Right half of a picture."""
    picture = np.asarray(Image.open(path).convert("RGB"))
    return np.ascontiguousarray(picture[:, picture.shape[1] // 2 :])


def print_figures(name: str, decode: Decode, labels: list[Array]) -> None:
    """Prints one block of figures."""
    counts, kept, sure, seconds = [], 0, 0, []
    for label_rgb in labels:
        start = time.process_time()
        ids = decode(label_rgb)
        seconds.append(time.process_time() - start)
        counts.append(np.bincount(ids.ravel(), minlength=256))
        index, distance = nearest_colours(label_rgb)
        is_sure = distance <= SURE_DISTANCE
        kept += int((ids == id_table("classes19")[index])[is_sure].sum())
        sure += int(is_sure.sum())
    total = np.array(counts)
    rare = (total > MIN_PIXELS).sum(axis=0)
    found = ", ".join(f"{rare[NAMES.index(entry)]} {entry}" for entry in RARE)
    print(
        f"{name}: images of {len(labels)} with over {MIN_PIXELS} px: {found}; void"
        f" {total[:, 255].sum() / total.sum():.2%}; of the pixels within"
        f" {SURE_DISTANCE:g} of a colour {kept / sure:.2%} keep its class;"
        f" {1000 * statistics.median(seconds):.1f} ms CPU per image"
    )


def print_seen(decode: Decode, folder: Path) -> None:
    """Prints the pixels left of vehicles that are really there."""
    for name, numbers in SEEN.items():
        paths = [folder / f"{number}.jpg" for number in numbers]
        left = {
            path.stem: int((decode(read_labels(path)) == NAMES.index(name)).sum())
            for path in paths
            if path.exists()
        }
        pixels = ", ".join(f"{number}: {count}" for number, count in left.items())
        kept = sum(count > MIN_PIXELS for count in left.values())
        print(
            f"{name}: {kept} of {len(left)} seen have over {MIN_PIXELS} px ({pixels})"
        )


def main() -> None:
    """Reads the command line and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument(
        "--distance", type=float, default=DEFAULT_MAX_COLOUR_DISTANCE, help="RGB"
    )
    args = parser.parse_args()
    folder = args.photos / "train"
    paths = sorted(folder.glob("*.jpg"), key=lambda path: int(path.stem))[: args.count]
    if not paths:
        parser.error(f"--photos must hold train/N.jpg, got none in {folder}")
    labels = [read_labels(path) for path in paths]
    print(f"train {paths[0].stem} to {paths[-1].stem}, {len(paths)} pictures")
    print_figures("nearest of 19", nearest_of_19, labels)
    print_figures("nearest of 29", nearest_of_29, labels)
    print_figures("decoded", decoded(args.distance), labels)
    print_seen(decoded(args.distance), folder)


if __name__ == "__main__":
    main()
