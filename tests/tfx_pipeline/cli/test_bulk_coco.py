"""One COCO file of many photos: ids that fit, whatever failed between them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from components.bulk_inference.coco_annotations import annotate_components
from components.bulk_inference.part_file import PhotoEntry
from tests.tfx_pipeline.cli.predict_calls import TAXONOMY
from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.cli.bulk_coco import write_coco


def masked_entry(index: int) -> PhotoEntry:
    random = np.random.default_rng(index)
    mask = random.choice(3, (5 + index, 7), p=[0.7, 0.2, 0.1]).astype(np.uint8)
    if index == 2:
        mask[:] = 0  # a photo without annotations
    lines = annotate_components(mask, category_ids=[1, 2], score=0.5)
    fields = {"height": mask.shape[0], "width": mask.shape[1]}
    return PhotoEntry(
        photo=f"é{index}.jpg", source="1", fields=fields, lines=tuple(lines)
    )


def test_images_annotations_and_categories_fit(tmp_path: Path) -> None:
    failed = PhotoEntry(photo="bad", source="1", fields={}, failure="damaged")
    entries = [masked_entry(0), failed, *(masked_entry(index) for index in range(1, 5))]

    count = write_coco(
        tmp_path / "coco.json", lambda: entries, Taxonomy.from_dict(TAXONOMY)
    )

    coco = json.loads((tmp_path / "coco.json").read_text("utf-8"))
    good = [entry for entry in entries if not entry.failure]
    assert coco["categories"] == [
        {"id": 1, "name": "red", "supercategory": "colour"},
        {"id": 2, "name": "blue", "supercategory": "colour"},
    ]
    assert coco["images"] == [
        {"id": number, "file_name": entry.photo, **entry.fields}
        for number, entry in enumerate(good, start=1)
    ]
    expected = [
        {"image_id": number, **json.loads(line)}
        for number, entry in enumerate(good, start=1)
        for line in entry.lines
    ]
    assert len({entry["image_id"] for entry in expected}) == 4
    ids = [annotation.pop("id") for annotation in coco["annotations"]]
    assert ids == list(range(1, len(expected) + 1))
    assert coco["annotations"] == expected
    assert count == len(expected)


def test_no_photo_at_all_is_valid_json_too(tmp_path: Path) -> None:
    write_coco(tmp_path / "coco.json", lambda: [], Taxonomy.from_dict(TAXONOMY))

    coco = json.loads((tmp_path / "coco.json").read_text())
    assert (coco["images"], coco["annotations"]) == ([], [])
