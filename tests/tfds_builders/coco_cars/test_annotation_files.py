import pytest

from tfds_builders.coco_cars.annotation_files import (
    check_given,
    find_annotations,
    find_dsmlr,
    split_in_path,
)


@pytest.mark.parametrize(
    ("path", "split"),
    [
        ("annotations/instances_train2017.json", "train"),
        ("trainingset/annotations.json", "train"),
        ("valid/_annotations.coco.json", "eval"),
        ("car_damage_train/val.json", "eval"),
        ("COCO_mul_test_annos.json", "test"),
        ("train_and_val.json", None),
        ("contrast/annotations.json", None),
        ("cars.json", None),
    ],
)
def test_a_path_tells_the_split(path: str, split: str | None) -> None:
    assert split_in_path(path) == split


def test_one_file_has_no_split() -> None:
    assert find_annotations(["x/train.json", "x/1.jpg"]) == {None: "x/train.json"}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (
            ["a_train.json", "a_val.json", "a_test.json", "info.json"],
            {"train": "a_train.json", "eval": "a_val.json", "test": "a_test.json"},
        ),
        (
            ["testset/a.json", "trainingset/a.json"],
            {"train": "trainingset/a.json", "test": "testset/a.json"},
        ),
        (
            ["val/a.json", "train/a.json"],
            {"train": "train/a.json", "test": "val/a.json"},
        ),
    ],
    ids=["three", "two", "val-is-test"],
)
def test_several_files_are_told_apart_in_any_order(
    paths: list[str], expected: dict[str, str]
) -> None:
    assert find_annotations(paths) == expected
    assert find_annotations(paths[::-1]) == expected


@pytest.mark.parametrize(
    ("paths", "got"),
    [
        ([], "got none beside an empty folder; name"),
        (["img/1.jpg"], "got none beside img/; name"),
        (["a.json", "b.json"], "got a.json, b.json; name"),
        (["train/a.json", "train/b.json", "test/a.json"], "got train/a.json, train/b"),
        (["train.json", "other.json"], "got train.json, other.json; name"),
        (
            [f"labels/damage/of/{index}.json" for index in range(40)],
            "got .../of/0.json, .../of/1.json, .../of/2.json (and 37 more); name",
        ),
    ],
    ids=["empty", "photos-only", "no-words", "two-for-train", "no-test", "many"],
)
def test_an_unclear_folder_is_one_line_with_the_way_out(
    paths: list[str], got: str
) -> None:
    with pytest.raises(ValueError, match="coco_cars needs one COCO file") as caught:
        find_annotations(paths)
    assert got in str(caught.value)
    assert "--set 'data.options.annotations={train: A.json, test: B.json}'" in str(
        caught.value
    )
    assert "\n" not in str(caught.value)


def test_files_that_the_user_named_must_be_there() -> None:
    assert check_given({None: "a.json"}, ["a.json"]) == {None: "a.json"}
    with pytest.raises(
        ValueError, match=r"got b\.json, but the JSON files are a\.json"
    ):
        check_given({"train": "a.json", "test": "b.json"}, ["a.json", "1.jpg"])
    with pytest.raises(
        ValueError, match=r"are 0\.json, 1\.json, 2\.json \(and 37 more"
    ):
        check_given({None: "b.json"}, [f"{index}.json" for index in range(40)])


def test_dsmlr_is_found_at_its_own_level_and_one_above() -> None:
    names = ["testset/annotations.json", "trainingset/annotations.json"]
    assert find_dsmlr(names) == ("", {"train": names[1], "test": names[0]})
    above = [f"Car Parts/{name}" for name in names]
    assert find_dsmlr(above) == (
        "Car Parts/",
        {"train": above[1], "test": above[0]},
    )


@pytest.mark.parametrize(
    ("paths", "got"),
    [
        (
            ["annotations.json", "JPEGImages/1.jpg"],
            "got JPEGImages/, annotations.json;",
        ),
        (["trainingset/annotations.json"], "got trainingset/;"),
        (["mytrainingset/annotations.json", "mytestset/annotations.json"], "got my"),
        (
            [
                f"{copy}/{name}set/annotations.json"
                for copy in "ab"
                for name in ("training", "test")
            ],
            "got a/, b/;",
        ),
    ],
    ids=["too-low", "no-test", "other-names", "two"],
)
def test_a_folder_that_is_not_dsmlrs_says_which_to_give(
    paths: list[str], got: str
) -> None:
    with pytest.raises(ValueError, match="give the folder that holds trainingset and"):
        find_dsmlr(paths)
    with pytest.raises(ValueError, match=got):
        find_dsmlr(paths)
