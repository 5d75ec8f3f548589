"""Recall of planted copies and false pairs of the near-duplicate search.

    python benchmarks/near_duplicates.py --photos DIR

Takes every JPEG below DIR as one picture of its own group. 200 of them get four
copies each in another split (mirrored, JPEG quality 60, resized to 0.7, cropped 3 %
on every side); the table says how many of each kind the search finds. Pairs among
the photos themselves and pairs of a copy with another photo are listed one by one:
look at them before calling them false, public sets hold real duplicates
(`--sheet FILE.jpg` draws them, `--known a.jpg=b.jpg` takes one out of the count).
In dsmlr/Car-Parts-Segmentation three pairs are one photo twice, with the plate or
the shop's logo blurred once: train109 and train11, train162 and train201, train33
and train67.
"""

from __future__ import annotations

import argparse
import io
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from components.dataset_auditor.near_duplicates import (
    NearPair,
    find_near_duplicates,
    grey_thumbnail,
)
from components.dataset_auditor.tolerances import AuditTolerances


def mirrored(photo: Image.Image) -> Image.Image:
    """Left becomes right."""
    return photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def jpeg_60(photo: Image.Image) -> Image.Image:
    """Saved again at quality 60."""
    stream = io.BytesIO()
    photo.save(stream, "JPEG", quality=60)
    return Image.open(stream).convert("RGB")


def resized_07(photo: Image.Image) -> Image.Image:
    """Both sides times 0.7."""
    size = (round(photo.width * 0.7), round(photo.height * 0.7))
    return photo.resize(size, Image.Resampling.BICUBIC)


def cropped_3(photo: Image.Image) -> Image.Image:
    """3 % of each side cut off at each edge."""
    x, y = round(photo.width * 0.03), round(photo.height * 0.03)
    return photo.crop((x, y, photo.width - x, photo.height - y))


def all_at_once(photo: Image.Image) -> Image.Image:
    """The four changes one after the other (reported, outside the bar)."""
    return jpeg_60(resized_07(cropped_3(mirrored(photo))))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "mirrored": mirrored,
    "JPEG 60": jpeg_60,
    "resized 0.7": resized_07,
    "cropped 3 %": cropped_3,
    "all four at once": all_at_once,
}


def thumbnail(photo: Image.Image) -> np.ndarray:
    """The descriptor that the auditor stores."""
    return grey_thumbnail(np.asarray(photo.convert("L")))


def draw_sheet(pairs: Sequence[tuple[Path, Path]], target: Path) -> None:
    """Draws each pair side by side, one pair a row."""
    sheet = Image.new("RGB", (620, 230 * max(len(pairs), 1)), "white")
    for row, pair in enumerate(pairs):
        for column, path in enumerate(pair):
            with Image.open(path) as photo:
                small = photo.convert("RGB")
            small.thumbnail((300, 220))
            sheet.paste(small, (310 * column, 230 * row))
    sheet.save(target)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--planted", type=int, default=200, help="photos copied")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--similarity",
        type=float,
        default=AuditTolerances().near_duplicate_similarity,
    )
    parser.add_argument("--sheet", type=Path, help="draws the pairs of originals")
    parser.add_argument("--known", nargs="*", default=[], metavar="A.jpg=B.jpg")
    options = parser.parse_args()

    paths = sorted(options.photos.rglob("*.jp*g"))
    chosen = sorted(
        random.Random(options.seed).sample(
            range(len(paths)), min(options.planted, len(paths))
        )
    )
    originals, copies = [], {kind: [] for kind in COPIES}
    wanted = set(chosen)
    for index, path in enumerate(paths):
        with Image.open(path) as photo:
            rgb = photo.convert("RGB")
        originals.append(thumbnail(rgb))
        for kind, change in COPIES.items():
            if index in wanted:
                copies[kind].append(thumbnail(change(rgb)))
    left = np.stack(originals)
    index_label = np.arange(len(paths))[:, None]

    pairs = [
        pair
        for pair in find_near_duplicates(
            left,
            left,
            similarity=options.similarity,
            left_labels=index_label,
            right_labels=index_label,
        )
        if pair.left < pair.right
    ]
    known = {frozenset(text.split("=")) for text in options.known}
    unknown = [
        pair
        for pair in pairs
        if frozenset((paths[pair.left].name, paths[pair.right].name)) not in known
    ]
    print(f"{len(paths)} photos, {len(chosen)} planted, bar {options.similarity}")
    for kind, thumbnails in copies.items():
        start = time.perf_counter()
        found = find_near_duplicates(
            left, np.stack(thumbnails), similarity=options.similarity
        )
        seconds = time.perf_counter() - start
        right = {pair.right for pair in found if pair.left == chosen[pair.right]}
        wrong = _strangers(found, chosen, pairs)
        print(
            f"  {kind:17s} found {len(right)}/{len(chosen)}"
            f" = {len(right) / len(chosen):.1%}, pairs with another photo"
            f" {len(wrong)}, {seconds:.1f} s"
        )
    print(f"pairs among the originals: {len(pairs)}, not listed as known:")
    for pair in unknown:
        print(f"  {paths[pair.left].name} {paths[pair.right].name} {pair.similarity}")
    print(
        "of those per 1,000 images (false only if a look says so):"
        f" {1000 * len(unknown) / len(paths):.2f}"
        f" ({len(unknown)} of {len(paths) * (len(paths) - 1) // 2} pairs)"
    )
    if options.sheet:
        draw_sheet([(paths[p.left], paths[p.right]) for p in pairs], options.sheet)


def _strangers(
    found: Sequence[NearPair], chosen: Sequence[int], twins: Sequence[NearPair]
) -> list[NearPair]:
    """Pairs of a copy with a photo that is neither its source nor its twin."""
    same = {(pair.left, pair.right) for pair in twins}
    same |= {(right, left) for left, right in same}
    return [
        pair
        for pair in found
        if pair.left != chosen[pair.right]
        and (pair.left, chosen[pair.right]) not in same
    ]


if __name__ == "__main__":
    main()
