import random

import pytest

from tfds_builders.car_damage_small.via_layout import find_folders

DAMAGE, BOTH = ("damage",), ("damage", "parts")
VIA_1 = [
    f"data/raw/{name}"
    for name in (
        "train/image1.jpeg",
        "train/image2.PNG",
        "train/via_region_data.json",
        "val/image1.jpg",
        "val/via_region_data.json",
        "test/image9.jpg",
    )
] + ["data/prepped/train/images/1.png", "data/prepped/val/images/1.png"]
VIA_2 = [
    f"dataset/{name}/{file}"
    for name in ("train", "val")
    for file in (
        "1.jpg",
        f"car-damage-{name}.json",
        f"car-damage-{name}_attributes.json",
        f"{name}_multiclass.json",
        "via_region_data.csv",
        "via_region_data.json",
    )
]


def without(paths: list[str], *endings: str) -> list[str]:
    return [path for path in paths if not path.endswith(endings)]


def test_train_and_val_are_found_in_any_order() -> None:
    shuffled = list(VIA_1)
    random.Random(2).shuffle(shuffled)
    train, val = find_folders(shuffled, DAMAGE)
    assert (train.name, train.prefix) == ("train", "data/raw/train/")
    assert train.photos == ("image1.jpeg", "image2.PNG")
    assert train.annotations == {"damage": "data/raw/train/via_region_data.json"}
    assert (val.name, val.photos) == ("val", ("image1.jpg",))


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_the_folder_may_be_given_at_any_level(depth: int) -> None:
    paths = [path.split("/", depth)[-1] for path in VIA_1 if "/raw/" in path]
    train, _ = find_folders(paths, DAMAGE)
    assert train.photos == ("image1.jpeg", "image2.PNG")


def test_the_plain_file_is_the_damage_and_multiclass_are_the_parts() -> None:
    train, val = find_folders(VIA_2, BOTH)
    assert train.annotations == {
        "damage": "dataset/train/via_region_data.json",
        "parts": "dataset/train/train_multiclass.json",
    }
    assert val.annotations["parts"] == "dataset/val/val_multiclass.json"


def test_a_single_file_may_have_any_name() -> None:
    train, _ = find_folders(without(VIA_2, "via_region_data.json"), DAMAGE)
    assert train.annotations == {"damage": "dataset/train/car-damage-train.json"}


@pytest.mark.parametrize(
    ("paths", "tasks", "name", "message"),
    [
        ([], DAMAGE, "x", "beside the photos, got an empty folder; give the folder"),
        (["img/1.jpg"], DAMAGE, "x", "got img/; give the folder that holds train and"),
        (["1.jpg", "via_region_data.json"], DAMAGE, "val", "got val itself; give the"),
        (without(VIA_1, "val/via_region_data.json"), DAMAGE, "x", "got data/; give"),
        (
            VIA_1 + VIA_2,
            DAMAGE,
            "x",
            "got them in data/raw/, dataset/; give one of those folders",
        ),
        (
            [*without(VIA_2, "via_region_data.json"), "dataset/train/b.json"],
            DAMAGE,
            "x",
            "dataset/train/ must hold one VIA annotation file, got car-damage-train"
            ".json, b.json; call the one of the damage via_region_data.json",
        ),
        (
            VIA_1,
            BOTH,
            "x",
            r"data/raw/train/ must hold one file of parts \(\*_multiclass.json\), got"
            " none; use car_damage_small/damage where there is none",
        ),
    ],
    ids=["empty", "photos", "too-low", "no-val", "two-sets", "two-files", "no-parts"],
)
def test_a_wrong_folder_says_which_to_give(
    paths: list[str], tasks: tuple[str, ...], name: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        find_folders(paths, tasks, name)
    assert "\n" not in str(caught.value)
