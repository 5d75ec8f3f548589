"""Photos are found as `carseg predict` finds them, but one after the other."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tfx_pipeline.cli.bulk_photos import check_images, photo_names, shown_name
from tfx_pipeline.cli.predict_inputs import find_photos
from tfx_pipeline.config.usage_error import UsageError


@pytest.mark.parametrize("seed", range(6))
def test_names_and_order_are_those_of_predict(tmp_path: Path, seed: int) -> None:
    random.seed(seed)
    pieces = ["a", "b", "B", "é", "a.b", "a-b", ".hidden", "a b"]
    ends = [".jpg", ".JPG", ".png", ".webp", ".txt", ".jpg.mask.png", ""]
    for _ in range(40):
        folders = random.choices(pieces, k=random.randint(0, 3))
        file = tmp_path.joinpath(*folders, random.choice(pieces) + random.choice(ends))
        if not file.exists() and not any(part.is_file() for part in file.parents):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    (tmp_path / "z.jpg").touch()
    (tmp_path / "link.jpg").symlink_to("z.jpg")

    names = list(photo_names(tmp_path))

    expected = [photo.name.as_posix() for photo in find_photos([str(tmp_path)])]
    assert names == expected
    assert {"link.jpg", "z.jpg"} <= set(names)


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.txt").touch()

    with pytest.raises(UsageError, match="with photos in it or below, got"):
        check_images(str(tmp_path))
    with pytest.raises(UsageError, match="an existing folder, got"):
        check_images(str(tmp_path / "text.txt"))
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.jpg").touch()
    assert check_images(str(tmp_path)) == tmp_path


def test_a_name_that_is_no_text_can_be_shown() -> None:
    assert shown_name(os.fsdecode(b"caf\xe9.jpg")) == "caf\ufffd.jpg"
    assert shown_name("café.jpg") == "café.jpg"
