import unicodedata

import pytest

from tfds_builders.coco_cars.photo_search import PhotoSearch

CARDD = [
    f"CarDD_COCO/{split}2017/00{n}.jpg" for n, split in enumerate(["train", "val"])
]


@pytest.mark.parametrize(
    ("paths", "names", "beside", "found"),
    [
        (["a/1.jpg", "1.jpg"], ["1.jpg"], "a/c.json", "a/1.jpg"),
        (["a/img/1.jpg", "a/1.jpg"], ["img/1.jpg", "1.jpg"], "a/c.json", "a/img/1.jpg"),
        (["a/1.jpg"], ["/datasets/1.jpg", "1.jpg"], "a/c.json", "a/1.jpg"),
        (CARDD, ["001.jpg"], "CarDD_COCO/annotations/v.json", CARDD[1]),
        (["a/img/1.jpg"], ["img\\1.jpg"], "a/c.json", "a/img/1.jpg"),
        (["a/img/1.jpg"], ["./img/1.jpg"], "c.json", "a/img/1.jpg"),
        (["x/11.jpg", "x/1.jpg"], ["1.jpg"], "c.json", "x/1.jpg"),
    ],
    ids=["beside", "path", "foreign-path", "sibling", "windows", "below", "whole-name"],
)
def test_a_photo_is_found_near_its_annotation_file(
    paths: list[str], names: list[str], beside: str, found: str
) -> None:
    assert PhotoSearch(paths).find(names, beside=beside) == found
    assert PhotoSearch(paths[::-1]).find(names, beside=beside) == found


def test_composed_and_decomposed_names_are_one() -> None:
    stored = unicodedata.normalize("NFD", "문/é.jpg")
    assert PhotoSearch([stored]).find(["문/é.jpg"], beside="c.json") == stored


def test_given_folders_are_the_only_ones() -> None:
    search = PhotoSearch(["a/1.jpg", "b/1.jpg", "b/deep/2.jpg"], ["b/"])
    assert search.find(["1.jpg"], beside="a/c.json") == "b/1.jpg"
    assert search.find(["2.jpg"], beside="a/c.json") == "b/deep/2.jpg"
    both = PhotoSearch(["a/1.jpg", "b/1.jpg"], ["a", "b"])
    with pytest.raises(ValueError, match=r"got a/1\.jpg, b/1\.jpg; set data\.options"):
        both.find(["1.jpg"], beside="a/c.json")


def test_two_photos_of_one_name_are_not_guessed() -> None:
    with pytest.raises(
        ValueError, match=r"must have this name, got x/1\.jpg, y/1\.jpg"
    ):
        PhotoSearch(["y/1.jpg", "x/1.jpg"]).find(["1.jpg"], beside="c.json")


def test_a_missing_photo_is_not_taken_from_another_set() -> None:
    files = ["trainingset/a.json", "testset/a.json"]
    search = PhotoSearch(["testset/img/1.jpg"], annotation_files=files)
    assert search.find(["1.jpg"], beside=files[1]) == "testset/img/1.jpg"
    with pytest.raises(ValueError, match="no photo of this name; add it, or set"):
        search.find(["1.jpg"], beside=files[0])


def test_an_image_without_a_name_has_no_photo() -> None:
    with pytest.raises(ValueError, match="an image must have a file_name"):
        PhotoSearch(["1.jpg"]).find([], beside="c.json")
