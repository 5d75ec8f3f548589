import json
import pickle
from pathlib import Path

import pytest

from tests.tfds_builders.coco_cars.drawn_coco import BIG, SMALL, annotation, coco, image
from tests.tfds_builders.drawn_files import write
from tfds_builders.coco_cars.annotation_places import (
    AnnotationPlaces,
    places_of,
    read_annotations,
)
from tfds_builders.coco_cars.coco_document import read_document

ENTRIES = [
    annotation(1, 3, 7, [BIG], iscrowd=1, note="문"),
    annotation(2, 4, 7, [BIG]),
    annotation("c", 3, 9, [SMALL, BIG]),
]


def places(folder: Path, image_id: int = 3) -> AnnotationPlaces:
    write(folder / "a.json", coco([image(3, "1.jpg"), image(4, "2.jpg")], ENTRIES))
    listed = read_document(folder, "a.json").annotations
    own = [entry for entry in listed if entry.image_id == image_id]
    return places_of("a.json", image_id, own)


def test_a_photos_annotations_are_read_from_the_file_in_order(tmp_path: Path) -> None:
    sent = pickle.loads(pickle.dumps(places(tmp_path)))
    first, last = read_annotations(tmp_path, sent)
    assert (first.id, first.category_id, first.segmentation, first.is_crowd) == (
        *(1, 7, [BIG]),
        True,
    )
    assert (last.id, last.category_id, last.segmentation, last.is_crowd) == (
        *("c", 9, [SMALL, BIG]),
        False,
    )


def test_an_image_without_annotations_needs_no_file(tmp_path: Path) -> None:
    assert read_annotations(tmp_path, places_of("gone.json", 1, [])) == []


def test_a_file_that_has_gone_is_named_without_its_folder(tmp_path: Path) -> None:
    found = places(tmp_path)
    (tmp_path / "a.json").unlink()
    with pytest.raises(
        ValueError, match=r"^cannot read 'a\.json': No such file"
    ) as err:
        read_annotations(tmp_path, found)
    assert str(tmp_path) not in str(err.value)


@pytest.mark.parametrize("change", ["shorter", "moved", "other-image"])
def test_a_file_that_was_changed_since_is_refused(tmp_path: Path, change: str) -> None:
    found = places(tmp_path)
    text = (tmp_path / "a.json").read_text("utf-8")
    changed = {
        "shorter": text[:-40],
        "moved": " " + text,
        "other-image": json.dumps(
            json.loads(text)
            | {"annotations": [entry | {"image_id": 5} for entry in ENTRIES]}
        ),
    }[change]
    write(tmp_path / "a.json", changed.encode())
    with pytest.raises(
        ValueError,
        match=r"must stay as it is while .* of image 3 are gone; build again",
    ):
        read_annotations(tmp_path, found)
