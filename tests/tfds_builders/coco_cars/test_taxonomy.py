import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.tfds_builders.coco_cars.drawn_coco import (
    CATEGORIES,
    DSMLR_CATEGORIES,
    coco,
)
from tfds_builders.coco_cars.class_colours import class_colours
from tfds_builders.coco_cars.coco_document import CocoDocument, parse_document
from tfds_builders.coco_cars.taxonomy import (
    check_dsmlr,
    classes_of,
    common_licence,
    make_taxonomy,
)


def document(
    categories: Sequence[Any], where: str = "a.json", **fields: Any
) -> CocoDocument:
    return parse_document(json.dumps(coco([], [], categories, **fields)), where)


def test_classes_follow_the_category_ids_and_the_background_is_zero() -> None:
    classes = classes_of([document(CATEGORIES)])
    assert classes.names == ("background", "left_door", "hood", "right_door")
    assert classes.ids_by_category == {0: 1, 7: 2, 9: 3, 4: 0}


def test_a_background_is_added_where_there_is_none() -> None:
    classes = classes_of([document([{"id": 5, "name": "car"}])])
    assert classes.names == ("background", "car")
    assert classes.ids_by_category == {5: 1}


@pytest.mark.parametrize(
    ("categories", "message"),
    [
        ([], "1 to 254 categories beside the background are needed, got 0"),
        ([{"id": 1, "name": "_background_"}], "are needed, got 0"),
        (
            [{"id": i, "name": f"c{i}"} for i in range(255)],
            "are needed, got 255; choose",
        ),
        (
            [{"id": 1, "name": "door"}, {"id": 2, "name": "door"}],
            "a name must stand for one category, got door twice",
        ),
        (
            [
                {"id": i, "name": n}
                for i, n in enumerate(["background", "_Background_"])
            ],
            "got background twice",
        ),
    ],
    ids=["none", "background-only", "too-many", "name-twice", "two-backgrounds"],
)
def test_impossible_class_lists_are_refused(
    categories: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        classes_of([document(categories)])


def test_files_of_one_dataset_must_agree() -> None:
    other = [*CATEGORIES[:3], {"id": 7, "name": "bonnet"}]
    with pytest.raises(
        ValueError, match=r"b\.json: categories must be those of a\.json"
    ):
        classes_of([document(CATEGORIES), document(other, "b.json")])
    shuffled = document(CATEGORIES[::-1], "b.json")
    assert classes_of([document(CATEGORIES), shuffled]).names[1] == "left_door"


def test_dsmlr_has_18_parts_and_five_pairs() -> None:
    classes = classes_of([document(DSMLR_CATEGORIES)])
    check_dsmlr(classes, "a.json")
    taxonomy = make_taxonomy(classes, dataset="d", task="parts")
    assert taxonomy.num_classes == 19
    assert [classes.ids_by_category[number] for number in (1, 2, 19)] == [0, 1, 18]
    swapped = {(a, b) for a, b in enumerate(taxonomy.flip_ids()) if a < b}
    # By category id of the file: 4-6, 5-7, 10-12, 11-13, 15-16.
    assert swapped == {(3, 5), (4, 6), (9, 11), (10, 12), (14, 15)}


def test_other_classes_are_not_dsmlrs() -> None:
    classes = classes_of([document(DSMLR_CATEGORIES[:-1])])
    with pytest.raises(ValueError, match="has 18 parts, this file differs in wheel;"):
        check_dsmlr(classes, "a.json")
    turned = [{"id": 20 - c["id"], "name": c["name"]} for c in DSMLR_CATEGORIES]
    with pytest.raises(ValueError, match="this file differs in their order; read"):
        check_dsmlr(classes_of([document(turned)]), "a.json")


def test_every_number_of_classes_has_its_own_colours() -> None:
    colours = class_colours(255)
    assert len(set(colours)) == 255
    assert colours[:20] == class_colours(20)


def test_one_licence_counts_and_two_are_unknown() -> None:
    mit = document(CATEGORIES, licenses=[{"name": "MIT"}])
    none, other = document(CATEGORIES), document(CATEGORIES, info={"license": "A"})
    assert common_licence([mit, none]) == "MIT"
    assert common_licence([none]) == "unknown"
    assert common_licence([mit, other]) == "unknown"
