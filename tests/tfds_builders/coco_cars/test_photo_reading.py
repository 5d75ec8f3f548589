import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.coco_cars.drawn_coco import (
    BIG,
    HEIGHT,
    SMALL,
    WIDTH,
    annotation,
    coco,
    jpeg,
    turned_jpeg,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.coco_cars.annotation_places import places_of
from tfds_builders.coco_cars.coco_document import read_document
from tfds_builders.coco_cars.photo_listing import CocoSource
from tfds_builders.coco_cars.photo_reading import read_photo
from tfds_builders.record import Record

IDS = {4: 0, 0: 1, 7: 2}


def read(
    folder: Path,
    annotations: list[dict[str, Any]],
    photo: bytes | None = None,
    size_px: tuple[int, int] | None = (HEIGHT, WIDTH),
) -> Record:
    write(folder / "1.jpg", photo or jpeg())
    write(folder / "a.json", coco([], annotations))
    listed = read_document(folder, "a.json").annotations
    source = CocoSource(
        photo="1.jpg",
        size_px=size_px,
        annotations=places_of("a.json", 1, listed),
        example_id="1",
        group_id="g",
        split="eval",
    )
    return read_photo(
        source, folder=folder, dataset="d", task="parts", ids_by_category=IDS
    )


def mask(record: Record) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(record.masks["parts"])))


def boxes(*filled: tuple[int, int, int, int, int]) -> np.ndarray:
    """Returns a mask of rectangles (value, top, left, bottom, right)."""
    expected = np.zeros((HEIGHT, WIDTH), np.uint8)
    for value, top, left, bottom, right in filled:
        expected[top:bottom, left:right] = value
    return expected


EXPECTED = boxes((1, 2, 4, 22, 36), (2, 6, 8, 10, 16))


def runs(filled: np.ndarray) -> list[int]:
    flat = filled.ravel(order="F").astype(int)
    edges = [0, *(np.flatnonzero(np.diff(flat)) + 1).tolist(), flat.size]
    return ([0] if flat[0] else []) + np.diff(edges).tolist()


def compressed(counts: list[int]) -> str:
    """Writes COCO's text form: 5 bits a character, differences from the third on."""
    text = ""
    for place, count in enumerate(counts):
        value = count - counts[place - 2] if place > 2 else count
        more = True
        while more:
            bits, value = value & 31, value >> 5
            more = not (value == 0 and not bits & 16) and not (
                value == -1 and bits & 16
            )
            text += chr((bits | 32 if more else bits) + 48)
    return text


def test_small_objects_lie_on_large_ones_in_any_order(tmp_path: Path) -> None:
    objects = [annotation(1, 1, 7, [SMALL]), annotation(2, 1, 0, [BIG])]
    for listed in (objects, objects[::-1]):
        np.testing.assert_array_equal(mask(read(tmp_path, listed)), EXPECTED)


@pytest.mark.parametrize("form", ["plain", "compressed"])
def test_run_lengths_are_read_beside_polygons(tmp_path: Path, form: str) -> None:
    counts = runs(boxes((1, 6, 8, 10, 16)))
    text = {"size": [HEIGHT, WIDTH], "counts": compressed(counts)}
    plain = {"size": [HEIGHT, WIDTH], "counts": counts}
    outline = text if form == "compressed" else plain
    record = read(tmp_path, [annotation(1, 1, 7, outline), annotation(2, 1, 0, [BIG])])
    np.testing.assert_array_equal(mask(record), EXPECTED)


def test_several_polygons_are_one_object(tmp_path: Path) -> None:
    other = [40, 24, 48, 24, 48, 32, 40, 32]
    record = read(tmp_path, [annotation(1, 1, 7, [SMALL, other])])
    expected = boxes((2, 6, 8, 10, 16), (2, 24, 40, 32, 48))
    np.testing.assert_array_equal(mask(record), expected)
    (entry,) = record.instances
    assert (entry["class_id"], entry["area_px"]) == (2, 4 * 8 + 8 * 8)
    assert entry["bbox_px"] == [8, 6, 40, 26]


@pytest.mark.parametrize("crumb", [[8, 6, 9, 7], [8, 6], [8, 6, 9, 7, 9], []])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_crumb_beside_a_polygon_is_dropped(
    tmp_path: Path, crumb: list[int], is_first: bool
) -> None:
    outline = [crumb, SMALL] if is_first else [SMALL, crumb]
    record = read(tmp_path, [annotation(1, 1, 7, outline)])
    np.testing.assert_array_equal(mask(record), boxes((2, 6, 8, 10, 16)))
    (entry,) = record.instances
    assert (entry["bbox_px"], entry["area_px"]) == ([8, 6, 8, 4], 4 * 8)


def test_a_crowd_is_void_around_single_objects_and_no_instance(tmp_path: Path) -> None:
    crowd = {"size": [HEIGHT, WIDTH], "counts": runs(boxes((1, 0, 0, 8, 12)))}
    record = read(
        tmp_path,
        [annotation(1, 1, 7, [SMALL]), annotation(2, 1, 7, crowd, iscrowd=1)],
    )
    np.testing.assert_array_equal(
        mask(record), boxes((255, 0, 0, 8, 12), (2, 6, 8, 10, 16))
    )
    assert [entry["instance_id"] for entry in record.instances] == [1]


def test_a_background_category_is_painted_and_no_instance(tmp_path: Path) -> None:
    record = read(tmp_path, [annotation(1, 1, 0, [BIG]), annotation(2, 1, 4, [SMALL])])
    np.testing.assert_array_equal(
        mask(record), boxes((1, 2, 4, 22, 36), (0, 6, 8, 10, 16))
    )
    assert [entry["class_id"] for entry in record.instances] == [1]


def test_an_image_without_annotations_is_background(tmp_path: Path) -> None:
    record = read(tmp_path, [])
    assert not mask(record).any()
    assert record.instances == ()
    assert (record.example_id, record.group_id, record.split) == ("1", "g", "eval")


def test_annotations_of_the_stored_size_turn_with_the_photo(tmp_path: Path) -> None:
    record = read(tmp_path, [annotation(1, 1, 0, [BIG])], turned_jpeg(6))
    np.testing.assert_array_equal(mask(record), np.rot90(boxes((1, 2, 4, 22, 36)), -1))
    assert (record.height_px, record.width_px, record.orientation) == (WIDTH, HEIGHT, 6)
    assert record.instances[0]["bbox_px"] == [HEIGHT - 22, 4, 20, 32]
    assert record.drawn_on == "stored"


def test_annotations_of_the_upright_size_stay(tmp_path: Path) -> None:
    lying = turned_jpeg(6, size=(WIDTH, HEIGHT))
    record = read(tmp_path, [annotation(1, 1, 0, [BIG])], lying)
    np.testing.assert_array_equal(mask(record), boxes((1, 2, 4, 22, 36)))


def test_an_image_without_a_size_was_annotated_upright(tmp_path: Path) -> None:
    record = read(tmp_path, [annotation(1, 1, 0, [BIG])], size_px=None)
    np.testing.assert_array_equal(mask(record), boxes((1, 2, 4, 22, 36)))
    lying = turned_jpeg(6, size=(WIDTH, HEIGHT))
    unsure = read(tmp_path, [annotation(1, 1, 0, [BIG])], lying, size_px=None)
    assert (record.drawn_on, unsure.drawn_on) == ("upright", "undecided")


@pytest.mark.parametrize(
    ("entry", "size_px", "message"),
    [
        ((5, [BIG]), None, "annotation 1 must name a category of its file, got 5; add"),
        (
            (7, []),
            None,
            "annotation 1 must have polygons or run lengths in segmentation",
        ),
        ((7, [[1, 1, 2, 2]]), None, "three or more corners, got 4 entries; draw"),
        ((7, [[1, 1], [1, 1, 2, 2]]), None, "more corners, got 2 entries; draw it"),
        ((7, [["a", 1], BIG]), None, "three or more corners, got 2 entries; draw"),
        (
            (7, [[1, 1, 2, 2, 3, 3, 4]]),
            None,
            "x and y in turn of three or more corners",
        ),
        ((7, [["a"] * 6]), None, "x and y in turn of three or more corners"),
        (
            (7, {"size": [WIDTH, HEIGHT], "counts": [5]}),
            None,
            r"of their image, \[32, 48\], got \[48, 32\]",
        ),
        (
            (7, {"size": [HEIGHT, WIDTH], "counts": [5]}),
            None,
            "add up to 48 x 32 pixel",
        ),
        (
            (7, {"size": [HEIGHT, WIDTH]}),
            None,
            "counts must be a text or whole numbers",
        ),
        (
            (7, [BIG]),
            (HEIGHT, WIDTH + 1),
            "annotation must have the photo's size 48 x 32, got 49 x 32; export",
        ),
    ],
    ids=[
        "category",
        "box-only",
        "two-corners",
        "crumbs-only",
        "texts-beside",
        "odd",
        "texts",
        "rle-size",
        "rle-sum",
        "no-counts",
        "size",
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path,
    entry: tuple[int, Any],
    size_px: tuple[int, int] | None,
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        read(
            tmp_path,
            [annotation(1, 1, *entry)],
            size_px=size_px or (HEIGHT, WIDTH),
        )
    assert "\n" not in str(caught.value)
