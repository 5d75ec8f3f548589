from pathlib import Path

import pytest

from tfds_builders.synthetic_cars import taxonomy as taxonomy_module
from tfds_builders.synthetic_cars.taxonomy import TAXONOMIES


def test_there_are_four_tasks_under_one_free_licence():
    assert list(TAXONOMIES) == ["car", "parts", "damage", "street"]
    for task, taxonomy in TAXONOMIES.items():
        assert (taxonomy.dataset, taxonomy.task) == ("synthetic_cars", task)
        assert (taxonomy.licence, taxonomy.commercial) == ("CC0-1.0", "yes")


def test_every_pixel_of_a_street_has_a_class():
    assert TAXONOMIES["street"].background_id is None
    assert {TAXONOMIES[t].background_id for t in ("car", "parts", "damage")} == {0}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("left_front_door", "right_front_door"),
        ("right_tail_light", "left_tail_light"),
        ("wheel", "wheel"),
    ],
    ids=["left", "right", "middle"],
)
def test_sides_change_in_a_mirror(name, other):
    names = TAXONOMIES["parts"].names
    assert TAXONOMIES["parts"].flip_ids()[names.index(name)] == names.index(other)


def test_a_part_without_a_side_has_no_mirror_name():
    mirrored = {entry.name: entry.flips_with for entry in TAXONOMIES["parts"].classes}
    assert mirrored["left_mirror"] == "right_mirror"
    assert mirrored["hood"] is None


def test_there_are_at_least_twelve_parts_and_four_damages():
    assert TAXONOMIES["parts"].num_classes == 28
    assert TAXONOMIES["damage"].names == (
        "background",
        "scratch",
        "dent",
        "crack",
        "broken",
    )


def test_the_readme_lists_the_classes_as_they_are():
    folder = Path(taxonomy_module.__file__).parent
    text = (folder / "README.md").read_text(encoding="utf-8")
    for task, taxonomy in TAXONOMIES.items():
        listed = ", ".join(f"{entry.id} {entry.name}" for entry in taxonomy.classes)
        assert f"| `{task}` | {listed} |" in text
