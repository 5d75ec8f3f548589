"""Numbers become ids, blocks of neighbours and splits."""

from __future__ import annotations

import random

import pytest

from tfds_builders.cityscapes_image_pairs.pair_folders import PairFolders
from tfds_builders.cityscapes_image_pairs.pair_listing import draw_blocks, list_pairs


def folders(
    train: list[str],
    val: list[str],
    prefix: str = "",
    second_copy: str | None = None,
) -> PairFolders:
    names = {"train": tuple(train), "val": tuple(val)}
    return PairFolders(prefix=prefix, names=names, second_copy=second_copy)


def jpgs(*numbers: int) -> list[str]:
    return [f"{number}.jpg" for number in numbers]


WHOLE_VAL = jpgs(*range(1, 501))


def test_numbers_are_sorted_as_numbers_and_name_the_block() -> None:
    listing = list_pairs(
        folders(jpgs(100, 9, 50, 51), jpgs(1, 51), prefix="cityscapes_data/")
    )

    train = listing.sources["train"]
    assert [source.example_id for source in train] == [
        "train/9",
        "train/50",
        "train/51",
        "train/100",
    ]
    assert [source.group_id for source in train] == [
        "train/block0",
        "train/block0",
        "train/block1",
        "train/block1",
    ]
    assert train[0].path == "cityscapes_data/train/9.jpg" == str(train[0])
    assert listing.skipped == []


def test_val_parts_into_eval_and_test_by_whole_blocks() -> None:
    listing = list_pairs(folders(jpgs(1), WHOLE_VAL))

    sizes = {split: len(sources) for split, sources in listing.sources.items()}
    assert sizes == {"train": 1, "eval": 250, "test": 250}
    groups = {
        split: {source.group_id for source in sources}
        for split, sources in listing.sources.items()
    }
    assert len(groups["eval"]) == len(groups["test"]) == 5
    assert not groups["eval"] & groups["test"]
    assert groups["train"] == {"train/block0"}
    assert all(
        source.split == split
        for split, sources in listing.sources.items()
        for source in sources
    )


def test_sparse_numbers_share_the_block_of_the_whole_set() -> None:
    whole = list_pairs(folders(jpgs(1), WHOLE_VAL))
    sparse = list_pairs(folders(jpgs(1), jpgs(*range(1, 501, 5))))
    split_of = {
        source.example_id: source.split
        for sources in whole.sources.values()
        for source in sources
    }

    found = [source for sources in sparse.sources.values() for source in sources]
    assert len(found) == 101
    assert all(split_of[source.example_id] == source.split for source in found)


def test_block_length_and_eval_share_are_options() -> None:
    listing = list_pairs(folders(jpgs(1), WHOLE_VAL), block_length=10, eval_share=0.2)

    assert len(listing.sources["eval"]) == 100
    assert len({source.group_id for source in listing.sources["eval"]}) == 10


def test_the_order_of_the_listing_is_no_matter() -> None:
    train, val = jpgs(*range(1, 200)), list(WHOLE_VAL)
    first = list_pairs(folders(train, val))
    for names in (train, val):
        random.Random(3).shuffle(names)

    assert list_pairs(folders(train, val)) == first


def test_files_without_a_number_are_named_and_system_files_ignored() -> None:
    strange = ["1 (1).jpg", "2.png", "a.jpg", "٣.jpg", ".DS_Store", "Thumbs.db"]
    listing = list_pairs(folders([*jpgs(4), "5.JPG", "6.jpeg", *strange], WHOLE_VAL))

    assert [source.path for source in listing.sources["train"]] == [
        "train/4.jpg",
        "train/5.JPG",
        "train/6.jpeg",
    ]
    assert [(entry.source, entry.split) for entry in listing.skipped] == [
        ("train/1 (1).jpg", "train"),
        ("train/2.png", "train"),
        ("train/a.jpg", "train"),
        ("train/٣.jpg", "train"),
    ]
    assert {entry.reason for entry in listing.skipped} == {
        "a picture must be named by its number, such as 17.jpg; rename or remove it"
    }


def test_a_number_that_is_given_twice_is_skipped() -> None:
    listing = list_pairs(folders([*jpgs(1, 2), "02.jpg"], ["1.JPG", *WHOLE_VAL]))

    assert [source.path for source in listing.sources["train"]] == ["train/1.jpg"]
    assert [(entry.source, entry.reason) for entry in listing.skipped] == [
        ("train/02.jpg", "number 2 is given twice (02.jpg, 2.jpg); keep one"),
        ("train/2.jpg", "number 2 is given twice (02.jpg, 2.jpg); keep one"),
        ("val/1.JPG", "number 1 is given twice (1.JPG, 1.jpg); keep one"),
        ("val/1.jpg", "number 1 is given twice (1.JPG, 1.jpg); keep one"),
    ]


def test_the_second_copy_is_named_but_counts_as_known() -> None:
    (entry,) = list_pairs(
        folders(jpgs(1), WHOLE_VAL, second_copy="cityscapes_data")
    ).skipped

    assert (entry.source, entry.is_known) == ("cityscapes_data", True)
    assert entry.reason == "the owner's second copy of train and val; not read"


@pytest.mark.parametrize(
    ("train", "val", "message"),
    [
        (
            ["a.png"],
            WHOLE_VAL,
            "train must hold pictures named N.jpg, got 'a.png' (files: 1) in train;"
            " give the owner's folder unchanged",
        ),
        (
            [],
            WHOLE_VAL,
            "train must hold pictures named N.jpg, got no file in train; give the"
            " owner's folder unchanged",
        ),
        (
            jpgs(1),
            jpgs(1, 2),
            "val must hold at least two blocks of numbers, one for eval and one for"
            " test, got 1 (pictures: 2); lower block_length, or give the owner's folder"
            " unchanged",
        ),
        (
            jpgs(1),
            [],
            "val must hold at least two blocks of numbers, one for eval and one for"
            " test, got 0 (pictures: 0); lower block_length, or give the owner's folder"
            " unchanged",
        ),
    ],
    ids=["no number", "empty train", "one block", "empty val"],
)
def test_too_few_pictures_are_one_line(
    train: list[str], val: list[str], message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        list_pairs(folders(train, val))

    assert str(caught.value) == message


@pytest.mark.parametrize("share", [0.001, 0.999])
def test_no_split_of_val_is_ever_empty(share: float) -> None:
    drawn = draw_blocks({"a": 5, "b": 5, "c": 5}, share)

    assert sorted(set(drawn.values())) == ["eval", "test"]
