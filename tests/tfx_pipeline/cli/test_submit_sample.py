"""The sample says which photos are wanted, and is refused where it cannot be one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfx_pipeline.cli.submit_sample import check_photos, sample_names
from tfx_pipeline.config.usage_error import UsageError


def sample(folder: Path, text: str) -> Path:
    file = folder / "sample.csv"
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize(
    "text",
    [
        "img,rle_mask\nb.jpg,1 1\na.jpg,1 1\n",
        '\ufeff"img","rle_mask"\r\n"b.jpg","1 1"\r\n"a.jpg",\r\n',
        "img,rle_mask\n\nb.jpg\na.jpg,",
    ],
    ids=["Kaggle's", "quoted, with a mark", "empty lines"],
)
def test_names_come_in_the_samples_order(tmp_path: Path, text: str) -> None:
    assert list(sample_names(sample(tmp_path, text))) == ["b.jpg", "a.jpg"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "id,label\na.jpg,1",
            "must begin with the line 'img,rle_mask', got 'id,label'",
        ),
        ("", "must begin with the line"),
        ("img,rle_mask\n", "must name photos, got no row"),
        ("img,rle_mask\n../a.jpg,1 1\n", "begin with a file's name, got '../a.jpg'"),
        ("img,rle_mask\n,1 1\n", "begin with a file's name, got ''"),
        ("img,rle_mask\na.jpg,1 1\na.jpg,1 1\n", "one row, but 'a.jpg' has two"),
        (
            "img,rle_mask\na.jpg,1 1\nb.jpg,\nc.jpg,\n",
            "2 are not, such as b.jpg, c.jpg",
        ),
    ],
)
def test_what_is_no_sample_is_refused_in_a_line(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "a.jpg").touch()

    with pytest.raises(UsageError) as caught:
        check_photos(sample(tmp_path, text), tmp_path, allow_missing=False)

    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--sample cannot be read"):
        check_photos(tmp_path / "none", tmp_path, allow_missing=False)


def test_absent_photos_are_counted_where_they_may_be(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    file = sample(tmp_path, "img,rle_mask\na.jpg,\nb.jpg,\nc.jpg,\n")

    assert check_photos(file, tmp_path, allow_missing=True) == 2
