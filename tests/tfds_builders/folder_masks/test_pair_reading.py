import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.drawn_files import write
from tests.tfds_builders.folder_masks.drawn_folder import (
    HEIGHT,
    WIDTH,
    draw_folder,
    mask_ids,
    photo_jpeg,
    png,
    turned_jpeg,
)
from tfds_builders.folder_masks.folder_settings import parse_folder_settings
from tfds_builders.folder_masks.pair_reading import read_pair
from tfds_builders.folder_masks.photo_listing import PhotoSource
from tfds_builders.record import Record

SETTINGS = parse_folder_settings(
    {
        "classes": [
            {"id": 0, "name": "background", "rgb": [0, 0, 0]},
            {"id": 1, "name": "car", "rgb": [200, 0, 0]},
            {"id": 2, "name": "wheel", "rgb": [0, 0, 200]},
        ],
        "task": "parts",
        "domain": "cad",
    }
)
SOURCE = PhotoSource(
    photo="images/a.jpg",
    mask="masks/a.png",
    example_id="a",
    group_id="g",
    split="eval",
    view="03",
)


def read(folder: Path) -> Record:
    return read_pair(SOURCE, folder=folder, settings=SETTINGS)


def ids_of(record: Record) -> np.ndarray:
    with Image.open(io.BytesIO(record.masks["parts"])) as image:
        assert image.mode == "L"
        return np.asarray(image)


def test_the_record_holds_the_pair(tmp_path: Path) -> None:
    write(tmp_path / "images/a.jpg", photo_jpeg())
    write(tmp_path / "masks/a.png", png(mask_ids()))
    record = read(tmp_path)
    assert (record.example_id, record.group_id) == ("a", "g")
    assert (record.split, record.view, record.domain) == ("eval", "03", "cad")
    assert record.source == SETTINGS.taxonomy.dataset
    assert (record.height_px, record.width_px, record.orientation) == (12, 20, 1)
    np.testing.assert_array_equal(ids_of(record), mask_ids())


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [
        (5, lambda ids: ids.T),
        (6, lambda ids: np.rot90(ids, -1)),
        (7, lambda ids: np.rot90(ids, 2).T),
        (8, lambda ids: np.rot90(ids, 1)),
    ],
    ids=["5", "6", "7", "8"],
)
def test_a_mask_of_the_stored_size_turns_with_the_photo(
    tmp_path: Path, orientation: int, turn: object
) -> None:
    write(tmp_path / "images/a.jpg", turned_jpeg(orientation))
    write(tmp_path / "masks/a.png", png(mask_ids()))
    record = read(tmp_path)
    assert (record.height_px, record.width_px) == (WIDTH, HEIGHT)
    assert (record.orientation, record.drawn_on) == (orientation, "stored")
    np.testing.assert_array_equal(ids_of(record), turn(mask_ids()))  # type: ignore[operator]


def test_a_mask_of_the_upright_size_stays(tmp_path: Path) -> None:
    upright = mask_ids(size=(WIDTH, HEIGHT))
    write(tmp_path / "images/a.jpg", turned_jpeg(6))
    write(tmp_path / "masks/a.png", png(upright))
    record = read(tmp_path)
    np.testing.assert_array_equal(ids_of(record), upright)
    assert record.drawn_on == "upright"


@pytest.mark.parametrize(
    ("orientation", "size"),
    [(6, (16, 16)), (3, (HEIGHT, WIDTH))],
    ids=["square", "180"],
)
def test_where_both_sizes_are_equal_the_mask_is_upright(
    tmp_path: Path, orientation: int, size: tuple[int, int]
) -> None:
    write(tmp_path / "images/a.jpg", turned_jpeg(orientation, size))
    write(tmp_path / "masks/a.png", png(mask_ids(size=size)))
    record = read(tmp_path)
    np.testing.assert_array_equal(ids_of(record), mask_ids(size=size))
    assert record.drawn_on == "undecided"


@pytest.mark.parametrize("size", [(HEIGHT, WIDTH + 1), (WIDTH, HEIGHT)])
def test_a_mask_of_another_size_names_both_sizes(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    write(tmp_path / "images/a.jpg", photo_jpeg())
    write(tmp_path / "masks/a.png", png(np.zeros(size, np.uint8)))
    with pytest.raises(ValueError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        f"mask must have the photo's size 20 x 12, got {size[1]} x {size[0]}; export"
        " the mask at the photo's size"
    )


def test_a_vanished_file_is_named_without_this_machines_path(tmp_path: Path) -> None:
    draw_folder(tmp_path, ["b"])
    with pytest.raises(ValueError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        "cannot read 'images/a.jpg': No such file or directory; check the file"
    )
