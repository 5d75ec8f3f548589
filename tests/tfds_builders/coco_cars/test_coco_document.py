from typing import Any

import pytest

from tests.tfds_builders.coco_cars.drawn_coco import BIG, annotation, coco, image
from tfds_builders.coco_cars.coco_document import parse_document


def test_a_file_becomes_images_categories_and_annotations() -> None:
    content = coco(
        [image(3, "1.jpg", path="/data/1.jpg"), {"id": "b", "file_name": "2.jpg"}],
        [annotation(5, 3, 7, [BIG], iscrowd=1)],
    )
    document = parse_document(content, "a.json")
    first, second = document.images
    assert (first.id, first.names, first.size_px) == (
        3,
        ("/data/1.jpg", "1.jpg"),
        (32, 48),
    )
    assert (second.id, second.names, second.size_px) == ("b", ("2.jpg",), None)
    assert document.categories == {
        9: "right_door",
        0: "left_door",
        4: "Background",
        7: "hood",
    }
    (entry,) = document.annotations
    assert (entry.id, entry.image_id, entry.category_id) == (5, 3, 7)
    assert (entry.segmentation, entry.is_crowd) == ([BIG], True)


@pytest.mark.parametrize(
    ("fields", "licences"),
    [
        ({}, ()),
        ({"licenses": []}, ()),
        ({"licenses": [{"id": 1, "name": "CC-BY-4.0"}]}, ("CC-BY-4.0",)),
        ({"licenses": [{"id": 1, "url": "https://a.b"}]}, ("https://a.b",)),
        ({"licenses": [{"name": "A"}, {"name": "B"}, {"name": "A"}]}, ("A", "B")),
        ({"info": {"license": "MIT"}}, ("MIT",)),
        ({"info": {"license": "MIT"}, "licenses": [{"name": "A"}]}, ("A",)),
        ({"info": "text", "licenses": "text"}, ()),
    ],
)
def test_licences_are_those_that_the_file_states(
    fields: dict[str, Any], licences: tuple[str, ...]
) -> None:
    assert parse_document(coco([], [], **fields), "a.json").licences == licences


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "a.json: a COCO instance file has the lists"),
        ({"images": [], "shapes": []}, "got the keys images, shapes with no such cat"),
        (coco([], []) | {"annotations": [1]}, "with no such annotations; choose"),
        (
            coco([], [], [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]),
            "a.json: category ids must be unique, got 1 for 'a' and 'b'",
        ),
        (coco([], [], [{"id": "1", "name": "a"}]), "got id '1' and name 'a'"),
        (coco([], [], [{"id": 1, "name": " "}]), "got id 1 and name ' '"),
    ],
    ids=["list", "other", "numbers", "same-id", "text-id", "no-name"],
)
def test_another_file_is_refused_in_one_line(content: Any, message: str) -> None:
    with pytest.raises(ValueError, match="") as caught:
        parse_document(content, "a.json")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
