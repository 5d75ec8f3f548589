"""The annotations of all photos as one COCO file, written without holding it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from components.bulk_inference.part_file import PhotoEntry
from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.cli.bulk_folder import staged
from tfx_pipeline.cli.bulk_photos import shown_name

_DESCRIPTION = "masks predicted by carseg predict-all"


def write_coco(
    file: Path, entries: Callable[[], Iterable[PhotoEntry]], taxonomy: Taxonomy
) -> int:
    """Writes images, annotations and categories; returns the number of annotations.

    Args:
        file: Is there when it is whole.
        entries: Called twice: images stand ahead of annotations.
        taxonomy: All classes but the background become categories, ids kept.
    """
    with staged(file) as place, place.open("w", encoding="ascii", newline="\n") as out:
        out.write(f'{{"info":{json.dumps({"description": _DESCRIPTION})},\n')
        out.write(f'"categories":{json.dumps(_categories(taxonomy))},\n"images":[')
        _write_list(out, _images(entries()))
        out.write('],\n"annotations":[')
        count = _write_list(out, _annotations(entries()))
        out.write("]}\n")
    return count


def _categories(taxonomy: Taxonomy) -> list[dict[str, object]]:
    return [
        {"id": entry.id, "name": entry.name, "supercategory": taxonomy.task}
        for entry in taxonomy.classes
        if entry.id != taxonomy.background_id
    ]


def _images(entries: Iterable[PhotoEntry]) -> Iterator[str]:
    for image_id, entry in _with_masks(entries):
        image = {
            "id": image_id,
            "file_name": shown_name(entry.photo),
            "height": entry.fields["height"],
            "width": entry.fields["width"],
        }
        yield json.dumps(image)


def _annotations(entries: Iterable[PhotoEntry]) -> Iterator[str]:
    number = 0
    for image_id, entry in _with_masks(entries):
        for line in entry.lines:
            number += 1
            # The line is an object already; parsing its runs anew would cost more
            # than all the rest.
            yield f'{{"id": {number}, "image_id": {image_id}, {line[1:]}'


def _with_masks(entries: Iterable[PhotoEntry]) -> Iterator[tuple[int, PhotoEntry]]:
    return enumerate((entry for entry in entries if not entry.failure), start=1)


def _write_list(out: TextIO, objects: Iterable[str]) -> int:
    count = 0
    for count, text in enumerate(objects, start=1):
        out.write(f"{',' if count > 1 else ''}\n{text}")
    return count
