from pathlib import Path
from typing import Any

import pytest
import yaml

from tfds_builders import folder_masks
from tfds_builders.folder_masks.folder_settings import (
    FolderSettings,
    parse_folder_settings,
    read_folder_settings,
)

BACKGROUND = {"id": 0, "name": "background", "rgb": [0, 0, 0]}
CAR = {"id": 1, "name": "car", "rgb": [9, 9, 9]}


def parse(**fields: Any) -> FolderSettings:
    return parse_folder_settings({"classes": [BACKGROUND, CAR]} | fields)


def test_only_classes_are_required_and_the_rest_has_defaults() -> None:
    settings = parse()
    taxonomy = settings.taxonomy
    assert taxonomy.names == ("background", "car")
    assert (taxonomy.dataset, taxonomy.task) == ("folder_masks", "objects")
    assert (taxonomy.licence, taxonomy.commercial) == ("unknown", "unknown")
    assert taxonomy.background_id == 0
    assert settings.mask_code.ids_by_value == {0: 0, 1: 1, 255: 255}
    assert settings.mask_code.ids_by_rgb == {(0, 0, 0): 0, (9, 9, 9): 1}
    assert (settings.group_regex, settings.view_regex) == (None, None)
    assert (settings.quotas, settings.domain) == (None, "photo")


def test_the_example_of_the_readme_means_what_it_says() -> None:
    readme = Path(folder_masks.__path__[0], "README.md").read_text("utf-8")
    text = readme.partition("```yaml\n")[2].partition("```")[0]
    settings = parse_folder_settings(yaml.safe_load(text))
    taxonomy = settings.taxonomy
    assert (taxonomy.dataset, taxonomy.task) == ("my_cars", "parts")
    assert taxonomy.names == ("background", "door left", "door right", "wheel")
    assert taxonomy.flip_ids() == (0, 2, 1, 3)
    assert (taxonomy.licence, taxonomy.commercial) == ("CC-BY-4.0", "no")
    assert settings.mask_code.ids_by_value == {
        0: 0,
        1: 1,
        2: 2,
        3: 3,
        30: 3,
        250: 255,
        255: 255,
    }
    assert settings.mask_code.ids_by_rgb[(255, 255, 255)] == 255
    assert settings.quotas == {"train": 0.6, "eval": 0.2, "test": 0.2}


def test_255_is_a_class_where_values_say_so() -> None:
    settings = parse(classes=[BACKGROUND, CAR | {"values": [255]}])
    assert settings.mask_code.ids_by_value == {0: 0, 255: 1}


def test_classes_may_stand_in_any_order() -> None:
    settings = parse(classes=[CAR | {"values": [7]}, BACKGROUND])
    assert settings.taxonomy.names == ("background", "car")
    assert settings.mask_code.ids_by_value == {7: 1, 0: 0, 255: 255}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"background": "car"}, 1),
        ({"background": None}, None),
        ({"classes": [CAR | {"id": 0}]}, None),
        ({"classes": [BACKGROUND | {"name": "Background"}]}, 0),
    ],
    ids=["named", "null", "no-background", "capital"],
)
def test_background_is_named_or_class_0_of_that_name(
    fields: dict[str, Any], expected: int | None
) -> None:
    assert parse(**fields).taxonomy.background_id == expected


def test_a_file_with_bom_and_korean_names(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.yaml"
    text = "classes:\n  - {id: 0, name: 앞 범퍼, rgb: [1, 2, 3]}\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_folder_settings(path).taxonomy.names == ("앞 범퍼",)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"classes": []}, "taxonomy.yaml: classes is missing or empty; add"),
        ({"classes": 3}, "taxonomy.yaml: classes must be a list, got 3; write"),
        (
            {"classes": ["car"]},
            "taxonomy.yaml: classes[0] must have id, name and rgb, got 'car'; write",
        ),
        (
            {"clases": []},
            "taxonomy.yaml: unknown field 'clases', must be one of classes, name,",
        ),
        (
            {"classes": [BACKGROUND | {"colour": [1, 2, 3]}]},
            "taxonomy.yaml: classes[0]: unknown field 'colour', must be one of id,",
        ),
        (
            {"classes": [BACKGROUND, CAR | {"rgb": [300, 0, 0]}]},
            "taxonomy.yaml: classes[1]: rgb must be three whole numbers 0..255, got"
            " [300, 0, 0]; write `rgb: [red, green, blue]`",
        ),
        (
            {"classes": [{"id": 0, "name": "a"}]},
            "taxonomy.yaml: classes[0]: rgb is missing; add",
        ),
        (
            {"classes": [BACKGROUND | {"id": "0"}]},
            "taxonomy.yaml: classes[0]: id must be a whole number 0..254, got '0'",
        ),
        (
            {"classes": [BACKGROUND | {"name": False}]},
            "taxonomy.yaml: classes[0]: name must be text, got False; write"
            ' `name: "..."`',
        ),
        (
            {"classes": [BACKGROUND, CAR | {"id": 2}]},
            "taxonomy.yaml: taxonomy folder_masks/objects: class ids must be 0..1 in"
            " order without a gap, got [0, 2]",
        ),
        (
            {"classes": [BACKGROUND, CAR | {"flips_with": "van"}]},
            "taxonomy.yaml: taxonomy folder_masks/objects: 'car' flips with 'van'",
        ),
        (
            {"background": "road"},
            "taxonomy.yaml: background must name a class or be null, got 'road'; use"
            " one of background, car",
        ),
        (
            {"classes": [BACKGROUND, CAR | {"values": [0]}]},
            "taxonomy.yaml: classes[1]: mask value 0 is already class 0",
        ),
        (
            {"void": [1]},
            "taxonomy.yaml: void: mask value 1 is already class 1",
        ),
        (
            {"void": ["1"]},
            "taxonomy.yaml: void: a mask value must be a whole number 0..65535, got"
            " '1'",
        ),
        (
            {"void": [[9, 9, 9]]},
            "taxonomy.yaml: void must not hold the colour of a class, got [9, 9, 9]",
        ),
        (
            {"classes": [BACKGROUND | {"values": []}]},
            "taxonomy.yaml: classes[0]: values must list at least one mask value",
        ),
        (
            {"commercial": "maybe"},
            "taxonomy.yaml: commercial must be one of yes, no, unknown, got 'maybe'",
        ),
        ({"task": "Car Parts"}, "taxonomy.yaml: task must be lower-case letters,"),
        ({"domain": "film"}, "taxonomy.yaml: domain must be one of photo, cad,"),
        ({"palette": "rgb"}, "taxonomy.yaml: palette must be one of auto, indices,"),
        (
            {"quotas": {"train": 0.5, "val": 0.5}},
            "taxonomy.yaml: quotas must name train, eval, test, got train, val; write",
        ),
        (
            {"quotas": {"train": True, "eval": 0.5, "test": 0.5}},
            "taxonomy.yaml: quotas must be a number per split, got {'train': True,",
        ),
        ({"group_regex": 3}, "taxonomy.yaml: group_regex must be text, got 3; write"),
    ],
)
def test_a_wrong_field_is_one_line_naming_file_field_value(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        parse(**fields)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_misspelled_field_brings_the_near_one() -> None:
    with pytest.raises(ValueError, match="did you mean 'group_regex'"):
        parse(group_regexp="x")
