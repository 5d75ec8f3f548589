from typing import Any

import pytest

from tests.tfds_builders.car_damage_small.drawn_via import box, project, region, via
from tfds_builders.car_damage_small.via_file import read_entries

SCRATCH = region(box(1, 1, 4, 4))
DENT = region(box(5, 5, 9, 9), "dent", "damage")


@pytest.mark.parametrize("as_mapping", [True, False], ids=["1.x", "2.x"])
@pytest.mark.parametrize("as_project", [True, False], ids=["project", "plain"])
def test_every_form_of_the_file_gives_the_same_regions(
    as_mapping: bool, as_project: bool
) -> None:
    content = via({"a.jpg": [SCRATCH, DENT], "b.jpg": []}, as_mapping=as_mapping)
    read = read_entries(project(content) if as_project else content, "a.json")
    assert read == {"a.jpg": [[SCRATCH, DENT]], "b.jpg": [[]]}


def test_an_entry_without_regions_is_empty() -> None:
    assert read_entries({"k": {"filename": "a.jpg"}}, "a.json") == {"a.jpg": [[]]}


def test_two_entries_of_one_name_are_both_kept() -> None:
    content = via({"a.jpg": [SCRATCH]}) | {"a.jpg7": {"filename": "a.jpg"}}
    assert read_entries(content, "a.json") == {"a.jpg": [[SCRATCH], []]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "a.json must be a VIA annotation file, an object of entries"),
        ({"region": {}, "file": {}}, "a.json must be a VIA annotation file"),
        ({"images": [], "annotations": []}, "a.json must be a VIA annotation file"),
        ({"k": {"filename": 3}}, "a.json must be a VIA annotation file"),
        ({"_via_img_metadata": 3}, "a.json must be a VIA annotation file"),
        (
            {"k": {"filename": "b.jpg", "regions": "none"}},
            "a.json: b.jpg: regions must be an object (VIA 1.x) or a list (VIA 2.x)",
        ),
        ({"k": {"filename": "b.jpg", "regions": [1]}}, "of objects, got list; export"),
    ],
    ids=["list", "attributes", "coco", "number", "empty-project", "text", "numbers"],
)
def test_another_file_is_refused_in_one_line(content: Any, message: str) -> None:
    with pytest.raises(ValueError, match="") as caught:
        read_entries(content, "a.json")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
