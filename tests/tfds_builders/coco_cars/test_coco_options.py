from typing import Any

import pytest

from tfds_builders.coco_cars.coco_options import CocoOptions


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"annotations": {"train": "a"}}, "annotations must be one path, or paths for"),
        ({"annotations": {"train": "a", "val": "b"}}, "got {'train': 'a', 'val': 'b'}"),
        ({"annotations": ["a.json"]}, "annotations must be one path, or paths for"),
        ({"annotations": "/a.json"}, "must be paths below manual_dir, got '/a.json'"),
        ({"annotations": {"train": "a", "test": "a"}}, "another file for every split"),
        ({"images": ["../x"]}, "images must be paths below manual_dir, got '../x'"),
        ({"images": [3]}, "images must be paths below manual_dir, got 3"),
        ({"task": "Car Parts"}, "task must be lower-case letters, digits and _"),
        ({"group_regex": 3}, "group_regex must be a text, got 3"),
        ({"licence": ""}, "licence must be a text, got ''"),
        ({"commercial": "maybe"}, "commercial must be yes, no, unknown, got 'maybe'"),
        ({"quotas": {"train": 1}}, "quotas must name train, eval, test"),
        ({"quotas": [0.7]}, r"quotas must be a number per split, got \[0.7\]; write"),
        (
            {
                "annotations": {"train": "a", "test": "b"},
                "quotas": {"train": 0.7, "eval": 0.15, "test": 0.15},
            },
            "quotas are for one annotation file, got one per split; leave",
        ),
    ],
)
def test_impossible_options_are_refused_at_once(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message.replace("{", r"\{")) as caught:
        CocoOptions(**options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("given", "answer"), [(True, "yes"), (False, "no")])
def test_a_bare_yes_or_no_of_yaml_is_understood(given: bool, answer: str) -> None:
    assert CocoOptions(commercial=given).answer == answer


def test_options_survive_their_json_form() -> None:
    options = CocoOptions(
        annotations={"train": "a.json", "test": "b.json"}, images=["img"], task="parts"
    )
    assert CocoOptions(**options.to_dict()) == options
    assert options.annotations_by_split == {"train": "a.json", "test": "b.json"}
    assert CocoOptions(images="img").image_folders == ("img",)
