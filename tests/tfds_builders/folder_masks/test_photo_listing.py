import pytest

from tfds_builders.folder_masks.folder_layout import PhotoFolder
from tfds_builders.folder_masks.photo_listing import PhotoSource, list_photos
from tfds_builders.listing import Listing


def folder(
    names: list[str],
    *,
    split: str | None = None,
    prefix: str = "",
    masks: list[str] | None = None,
) -> PhotoFolder:
    return PhotoFolder(
        prefix=prefix,
        split=split,
        photos=tuple(f"{name}.jpg" for name in names),
        masks=tuple(f"{name}.png" for name in (names if masks is None else masks)),
    )


def ids(listing: Listing[PhotoSource]) -> dict[str, list[str]]:
    return {
        split: [source.example_id for source in sources]
        for split, sources in listing.sources.items()
    }


def test_without_a_pattern_every_photo_is_its_own_group() -> None:
    listing = list_photos([folder([f"p{n}" for n in range(20)])])
    sources = [source for found in listing.sources.values() for source in found]
    assert all(source.group_id == source.example_id for source in sources)
    assert {split: len(found) for split, found in listing.sources.items()} == {
        "train": 14,
        "eval": 3,
        "test": 3,
    }
    assert all(
        source.split == split
        for split, found in listing.sources.items()
        for source in found
    )


def test_a_group_stays_in_one_split() -> None:
    names = [f"car{car}_{view:02}" for car in range(12) for view in range(4)]
    listing = list_photos(
        [folder(names)], group_regex=r"^(car\d+)_", view_regex=r"_(\d+)$"
    )
    splits = {
        split: {source.group_id for source in sources}
        for split, sources in listing.sources.items()
    }
    assert sum(map(len, splits.values())) == 12
    assert set.union(*splits.values()) == {f"car{car}" for car in range(12)}
    assert listing.sources["train"][0].view == "00"


def test_quotas_decide_the_shares() -> None:
    listing = list_photos(
        [folder([f"p{n}" for n in range(10)])],
        quotas={"train": 0.2, "eval": 0.2, "test": 0.6},
    )
    assert {split: len(found) for split, found in listing.sources.items()} == {
        "train": 2,
        "eval": 2,
        "test": 6,
    }


def test_given_splits_prefix_ids_but_not_groups() -> None:
    folders = [
        folder(["car1_a"], split="train", prefix="train/"),
        folder(["car1_a", "x"], split="eval", prefix="val/"),
        folder(["car2_a"], split="test", prefix="test/"),
    ]
    listing = list_photos(folders, group_regex=r"^(car\d+)_")
    assert ids(listing) == {
        "train": ["train/car1_a"],
        "eval": ["val/car1_a", "val/x"],
        "test": ["test/car2_a"],
    }
    assert listing.sources["train"][0].group_id == "car1"
    assert [source.group_id for source in listing.sources["eval"]] == ["car1", "val/x"]
    assert str(listing.sources["train"][0]) == "train/images/car1_a.jpg"
    assert listing.sources["train"][0].mask == "train/masks/car1_a.png"


def test_quotas_with_given_splits_are_refused() -> None:
    folders = [folder(["a"], split=name, prefix=name) for name in ("train", "eval")]
    with pytest.raises(ValueError, match="quotas are for a folder without split folde"):
        list_photos(folders, quotas={"train": 0.5, "eval": 0.25, "test": 0.25})


def test_no_pair_at_all_shows_one_name_of_each_side() -> None:
    with pytest.raises(ValueError) as caught:
        list_photos([folder(["a", "b"], masks=["a_label"])])
    assert str(caught.value) == (
        "at least one photo must have a mask of its name, got 'a.jpg' (files: 2) in"
        " images and 'a_label.png' (files: 1) in masks; a photo a.jpg needs a.png or"
        " a_mask.png"
    )
    with pytest.raises(ValueError, match="got no file in images and no file in masks"):
        list_photos([folder([])])


def test_too_few_groups_for_three_splits() -> None:
    with pytest.raises(ValueError, match="3 splits need at least 3 groups, got 2"):
        list_photos([folder(["a", "b"])])


def test_what_was_left_out_carries_path_split_and_reason() -> None:
    folders = [
        folder(["a", "b"], split="train", prefix="train/", masks=["a"]),
        folder(["c"], split="eval", prefix="eval/"),
        folder(["d"], split="test", prefix="test/", masks=["d", "e"]),
    ]
    entries = [
        (entry.source, entry.split, entry.reason.partition(";")[0])
        for entry in list_photos(folders).skipped
    ]
    assert entries == [
        ("train/images/b.jpg", "train", "photo without a mask"),
        ("test/masks/e.png", "test", "mask without a photo"),
    ]
