import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.tfds_builders.coco_cars.drawn_coco import (
    BIG,
    SMALL,
    annotation,
    coco,
    image,
)
from tfds_builders.coco_cars.coco_document import CocoDocument, parse_document
from tfds_builders.coco_cars.photo_listing import CocoSource, list_photos
from tfds_builders.coco_cars.photo_search import PhotoSearch
from tfds_builders.listing import Listing

NAMES = [f"car{car}_{view}.jpg" for car in range(10) for view in range(2)]


def document(
    images: Sequence[Mapping[str, Any]],
    annotations: Sequence[Mapping[str, Any]] = (),
    where: str = "a.json",
) -> CocoDocument:
    return parse_document(json.dumps(coco(images, annotations)), where)


def listed(
    images: Sequence[Mapping[str, Any]],
    annotations: Sequence[Mapping[str, Any]] = (),
    **options: Any,
) -> Listing[CocoSource]:
    return list_photos(
        {None: document(images, annotations)}, PhotoSearch(NAMES), **options
    )


def images(names: Sequence[str] = NAMES) -> list[dict[str, Any]]:
    return [image(NAMES.index(name), name) for name in names]


def every(listing: Listing[CocoSource]) -> dict[str, Any]:
    return {s.example_id: s for found in listing.sources.values() for s in found}


def test_photos_carry_their_own_annotations_only() -> None:
    listing = listed(
        images(), [annotation(1, 3, 7, [BIG]), annotation(2, 3, 9, [SMALL])]
    )
    found = every(listing)
    assert sorted(found) == [name.removesuffix(".jpg") for name in NAMES]
    own, none = found["car1_1"].annotations, found["car0_0"].annotations
    assert (own.path, own.image_id, len(own.starts), len(own.sizes)) == (
        "a.json",
        3,
        2,
        2,
    )
    assert (none.path, none.image_id, len(none.starts)) == ("a.json", 0, 0)
    assert found["car1_1"].size_px == (32, 48)
    assert listing.skipped == []


def test_groups_stay_together_and_the_order_is_no_matter() -> None:
    listing = listed(images(), group_regex=r"(car\d+)_")
    assert {split: len(found) for split, found in listing.sources.items()} == {
        "train": 14,
        "eval": 4,
        "test": 2,
    }
    assert all(
        len({s.group_id for s in f}) * 2 == len(f) for f in listing.sources.values()
    )
    shuffled = images()
    random.Random(5).shuffle(shuffled)
    assert listed(shuffled, group_regex=r"(car\d+)_").sources == listing.sources


def test_eval_is_drawn_from_train_where_only_train_and_test_are_given() -> None:
    documents = {
        "train": document(images(NAMES[:18])),
        "test": document(images(NAMES[18:]), where="b.json"),
    }
    listing = list_photos(documents, PhotoSearch(NAMES), group_regex=r"(car\d+)_")
    ids = {split: {s.group_id for s in f} for split, f in listing.sources.items()}
    assert ids["test"] == {"car9"}
    assert {split: len(found) for split, found in listing.sources.items()} == {
        "train": 16,
        "eval": 2,
        "test": 2,
    }
    assert not ids["train"] & ids["eval"]
    assert all(s.split == split for split, f in listing.sources.items() for s in f)


def test_three_given_splits_are_kept() -> None:
    documents = {
        split: document(images(NAMES[start : start + 2]), where=f"{split}.json")
        for split, start in (("train", 0), ("eval", 2), ("test", 4))
    }
    listing = list_photos(documents, PhotoSearch(NAMES))
    assert [s.example_id for s in listing.sources["eval"]] == ["car1_0", "car1_1"]


def test_copies_join_a_group() -> None:
    listing = listed(images(), same_photos={"car9_0": "car0_0"})
    assert every(listing)["car9_0"].group_id == "car0_0"
    assert every(listing)["car9_0"].split == every(listing)["car0_0"].split


@pytest.mark.parametrize(
    ("extra_images", "annotations", "skipped", "left"),
    [
        (
            [image(77, "gone.jpg")],
            [],
            ("a.json: gone.jpg", "no photo of this name; add it", False),
            20,
        ),
        (
            [{"id": 77}],
            [],
            ("a.json: image 77", "an image must have a file_name", False),
            20,
        ),
        (
            [],
            [annotation(5, 99, 7, [BIG])],
            ("a.json: annotation 5", "no image has the id 99; remove it", False),
            20,
        ),
        (
            [],
            [annotation(5, 0, 7, [BIG]), annotation(6, 0, 7, [BIG])],
            (
                "a.json: annotation 6",
                "the same category and outline as annotation 5",
                True,
            ),
            20,
        ),
        (
            [image(77, "car0_0.jpg")],
            [],
            ("car0_0.jpg", "2 images name this photo; join", False),
            19,
        ),
    ],
    ids=["no-photo", "no-name", "no-image", "repeated", "photo-twice"],
)
def test_faults_are_named_and_counted(
    extra_images: list[Any],
    annotations: list[Any],
    skipped: tuple[str, str, bool],
    left: int,
) -> None:
    listing = listed([*images(), *extra_images], annotations)
    (entry,) = listing.skipped
    assert (entry.source, entry.is_known) == (skipped[0], skipped[2])
    assert entry.reason.startswith(skipped[1])
    assert len(every(listing)) == left


def test_an_image_id_given_twice_drops_both_images() -> None:
    twice = [*images(NAMES[:-1]), image(0, NAMES[-1])]
    listing = listed(twice, [annotation(1, 0, 7, [BIG])])
    assert [entry.source for entry in listing.skipped] == [
        "a.json: car0_0.jpg",
        "a.json: car9_1.jpg",
    ]
    assert listing.skipped[0].reason.startswith("2 images have the id 0, so annot")
    assert len(every(listing)) == 18


def test_no_photo_at_all_is_one_line() -> None:
    with pytest.raises(ValueError, match="has a photo below manual_dir") as err:
        list_photos({None: document(images())}, PhotoSearch([]))
    assert "first: a.json: car0_0.jpg: no photo of this name" in str(err.value)


def test_the_root_is_no_part_of_an_id() -> None:
    found = list_photos(
        {None: document([image(i, f"{i}.jpg") for i in range(3)], where="x/a.json")},
        PhotoSearch([f"x/{i}.jpg" for i in range(3)]),
        root="x/",
    )
    assert sorted(every(found)) == ["0", "1", "2"]
