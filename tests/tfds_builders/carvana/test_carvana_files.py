from pathlib import Path

import pytest

from tests.tfds_builders.carvana.drawn_carvana import (
    KEYS,
    draw_carvana,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.carvana.carvana_files import find_files


def test_the_competitions_folder_is_found(tmp_path: Path) -> None:
    files = find_files(draw_carvana(tmp_path))

    assert (files.photos_folder, files.masks_folder) == ("train", "train_masks")
    assert (files.mask_table, files.car_table) == ("train_masks.csv", "metadata.csv")
    assert list(files.photos) == [f"{key}.jpg" for key in sorted(KEYS)]
    assert list(files.masks) == [f"{key}_mask.gif" for key in sorted(KEYS)]


def test_one_level_too_high_is_accepted(tmp_path: Path) -> None:
    draw_carvana(tmp_path / "carvana-image-masking-challenge")
    write(tmp_path / "__MACOSX" / "train" / "._a", b"")
    write(tmp_path / "notes" / "a.txt", b"")
    files = find_files(tmp_path)
    assert files.photos_folder == "carvana-image-masking-challenge/train"
    assert files.masks_folder == "carvana-image-masking-challenge/train_masks"
    assert files.mask_table == "carvana-image-masking-challenge/train_masks.csv"
    assert files.car_table == "carvana-image-masking-challenge/metadata.csv"
    assert len(files.photos) == len(KEYS)


def test_what_unpackers_put_one_folder_deeper_is_found(tmp_path: Path) -> None:
    drawn = draw_carvana(tmp_path / "drawn")
    for name in ("train", "train_masks", "train_masks.csv", "metadata.csv"):
        (tmp_path / "deep" / name).mkdir(parents=True)
        (drawn / name).rename(tmp_path / "deep" / name / name)
    write(tmp_path / "deep" / "train" / ".DS_Store", b"")
    files = find_files(tmp_path / "deep")
    assert (files.photos_folder, files.masks_folder) == (
        "train/train",
        "train_masks/train_masks",
    )
    assert files.mask_table == "train_masks.csv/train_masks.csv"
    assert files.car_table == "metadata.csv/metadata.csv"
    assert len(files.photos) == len(files.masks) == len(KEYS)


def test_hq_takes_the_other_photos(tmp_path: Path) -> None:
    draw_carvana(tmp_path)
    draw_carvana(tmp_path, KEYS[:4], photos="train_hq")
    assert len(find_files(tmp_path).photos) == len(KEYS)
    files = find_files(tmp_path, hq=True)
    assert (files.photos_folder, len(files.photos)) == ("train_hq", 4)


def test_either_kind_of_mask_is_enough(tmp_path: Path) -> None:
    files = find_files(draw_carvana(tmp_path / "table", gifs=False))
    assert (files.masks_folder, files.masks) == (None, ())
    assert files.mask_table == "train_masks.csv"
    files = find_files(draw_carvana(tmp_path / "gifs", table=False))
    assert (files.masks_folder, files.mask_table) == ("train_masks", None)


@pytest.mark.parametrize(
    ("paths", "hq", "message"),
    [
        (
            ["train/a.jpg", "metadata.csv"],
            False,
            "carvana: manual_dir must hold train_masks or train_masks.csv, got"
            " metadata.csv, train; give the folder into which Kaggle's files were"
            " unpacked",
        ),
        (
            ["train.zip", "train_masks.zip"],
            False,
            "carvana: manual_dir must hold train/, got train.zip, train_masks.zip;"
            " unpack train.zip there",
        ),
        (
            ["train/a.jpg", "train_masks.zip"],
            False,
            "carvana: manual_dir must hold train_masks or train_masks.csv, got train,"
            " train_masks.zip; unpack train_masks.zip there",
        ),
        (
            ["a/train/x.jpg", "b/train_hq/x.jpg"],
            False,
            "carvana: one folder must hold train, got several that hold photos: a, b;"
            " give one of them as manual_dir",
        ),
        (
            ["a/train/x.jpg"],
            False,
            "carvana: manual_dir must hold train_masks or train_masks.csv, got train in"
            " 'a/'; give the folder",
        ),
        (
            ["train_hq/x.jpg", "train_masks/x.gif"],
            False,
            "carvana: manual_dir must hold train/, got train_hq, train_masks; set"
            " data.options.hq=true to read train_hq",
        ),
        (
            ["train/x.jpg", "train_masks/x.gif"],
            True,
            "carvana: manual_dir must hold train_hq/, got train, train_masks; leave"
            " data.options.hq away to read train",
        ),
        (
            [f"0_{number}" for number in range(10)],
            False,
            "carvana: manual_dir must hold train/, got 0_0, 0_1, 0_2, 0_3, 0_4, 0_5,"
            " 0_6, 0_7 and 2 more; give the folder into which Kaggle's",
        ),
        (
            [".hidden"],
            False,
            "carvana: manual_dir must hold train/, got an empty folder; give the",
        ),
        (
            ["0cdf5b5d0ce1_01.jpg", "0cdf5b5d0ce1_02.jpg"],
            False,
            "carvana: manual_dir must be the folder that holds train and train_masks,"
            " got one of pictures, such as '0cdf5b5d0ce1_01.jpg'; give the folder"
            " above it",
        ),
    ],
    ids=[
        "no-masks",
        "packed-photos",
        "packed-masks",
        "two-folders",
        "below-no-masks",
        "only-hq",
        "no-hq",
        "other-folder",
        "empty",
        "too-low",
    ],
)
def test_a_wrong_folder_is_one_line(
    tmp_path: Path, paths: list[str], hq: bool, message: str
) -> None:
    for path in paths:
        write(tmp_path / path, b"")
    with pytest.raises(ValueError) as caught:
        find_files(tmp_path, hq=hq)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value) and str(tmp_path) not in str(caught.value)


def test_a_missing_folder_and_a_file_are_one_line(tmp_path: Path) -> None:
    write(tmp_path / "train.zip", b"PK")
    for name, reason in (
        ("nowhere", "No such file or directory"),
        ("train.zip", "Not a directory"),
    ):
        with pytest.raises(ValueError) as caught:
            find_files(tmp_path / name)
        assert str(caught.value) == (
            f"carvana: manual_dir must be the folder of Kaggle's files, but {name!r}"
            f" cannot be listed: {reason}; give an existing folder"
        )
