import gc
import json
import pickle
import random
import tracemalloc
from pathlib import Path

from tests.tfds_builders.coco_cars.drawn_coco import annotation, coco, image
from tests.tfds_builders.drawn_files import write
from tfds_builders.coco_cars.coco_dataset import read_dataset
from tfds_builders.coco_cars.coco_options import CocoOptions

FEW, MANY = 100, 400
OUTLINES, NUMBERS = 8, 60


def draw_large_file(folder: Path, photos: int) -> int:
    """Draws photos (empty files) with eight outlines each; returns the file's bytes."""
    rng = random.Random(0)
    names = [f"{index:06d}.jpg" for index in range(photos)]
    for name in names:
        write(folder / name, b"")
    outlines = [
        annotation(index, index // OUTLINES, 7, [[rng.randrange(9999) / 8] * NUMBERS])
        for index in range(photos * OUTLINES)
    ]
    images = [image(index, name) for index, name in enumerate(names)]
    text = json.dumps(coco(images, outlines))
    write(folder / "cars.json", text.encode())
    return len(text)


def test_a_listing_holds_no_outlines_and_reading_it_not_much_more_than_the_text(
    tmp_path: Path,
) -> None:
    def measure(photos: int) -> tuple[int, int, int, int]:
        folder = tmp_path / str(photos)
        text = draw_large_file(folder, photos)
        read_dataset(folder, CocoOptions())
        gc.collect()
        tracemalloc.start()
        dataset = read_dataset(folder, CocoOptions())
        gc.collect()
        held, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return text, held, peak, len(pickle.dumps(dataset.listing.sources))

    few, many = measure(FEW), measure(MANY)
    text, held, peak, pickled = (
        (more - less) / (MANY - FEW) for less, more in zip(few, many, strict=True)
    )
    # A photo's outlines are 4 kB of text; as Python's numbers they take 18 kB.
    assert text > 3500
    assert held < 1200
    assert pickled < 400
    assert peak < 2.6 * text
