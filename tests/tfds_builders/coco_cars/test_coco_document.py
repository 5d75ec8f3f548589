import json
from pathlib import Path
from typing import Any

import pytest

from tests.tfds_builders.coco_cars.drawn_coco import BIG, annotation, coco, image
from tests.tfds_builders.drawn_files import write
from tfds_builders.coco_cars.coco_document import (
    CocoDocument,
    parse_document,
    read_document,
)


def document(content: Any) -> CocoDocument:
    return parse_document(json.dumps(content), "a.json")


def test_a_file_becomes_images_categories_and_annotations() -> None:
    content = coco(
        [image(3, "1.jpg", path="/data/1.jpg"), {"id": "b", "file_name": "2.jpg"}],
        [annotation(5, 3, 7, [BIG], iscrowd=1)],
    )
    found = document(content)
    first, second = found.images
    assert (first.id, first.names, first.size_px) == (
        3,
        ("/data/1.jpg", "1.jpg"),
        (32, 48),
    )
    assert (second.id, second.names, second.size_px) == ("b", ("2.jpg",), None)
    assert found.categories == {
        9: "right_door",
        0: "left_door",
        4: "Background",
        7: "hood",
    }
    (entry,) = found.annotations
    assert (entry.id, entry.image_id, entry.category_id) == (5, 3, 7)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "mark"])
@pytest.mark.parametrize("is_ascii", [True, False])
def test_an_annotation_is_known_by_its_bytes_in_the_file(
    tmp_path: Path, mark: bytes, is_ascii: bool
) -> None:
    entries = [
        annotation(1, 3, 7, [BIG], note="문 é 😀"),
        annotation(2, 4, 7, [BIG]),
        annotation(3, 3, 9, {"size": [32, 48], "counts": "😀"}),
    ]
    content = {"info": {"description": "차량"}} | coco([image(3, "é.jpg")], entries)
    text = json.dumps(content, ensure_ascii=is_ascii, indent=2)
    data = mark + text.encode("utf-8")
    write(tmp_path / "a.json", data)
    found = read_document(tmp_path, "a.json")
    assert [
        json.loads(data[e.start : e.start + e.size]) for e in found.annotations
    ] == (entries)
    first, second, third = (entry.outline for entry in found.annotations)
    assert first == second != third


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
    assert document(coco([], [], **fields)).licences == licences


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
        document(content)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
