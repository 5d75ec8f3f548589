"""A photo and its COCO annotations into the record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tfds_builders.annotated_objects import (
    AnnotatedObject,
    AnnotationFrame,
    draw_objects,
)
from tfds_builders.annotation_orientation import annotation_orientation, told_drawn_on
from tfds_builders.coco_cars.annotation_places import (
    CocoAnnotation,
    read_annotations,
)
from tfds_builders.coco_cars.coco_document import Id
from tfds_builders.coco_cars.coco_outlines import read_outline
from tfds_builders.coco_cars.photo_listing import CocoSource
from tfds_builders.photo_bytes import load_photo
from tfds_builders.photo_record import photo_record
from tfds_builders.png_encoding import encode_mask_png
from tfds_builders.record import Record
from tfds_builders.source_files import read_source
from tfds_builders.taxonomy import VOID_ID


def read_photo(
    source: CocoSource,
    *,
    folder: Path,
    dataset: str,
    task: str,
    ids_by_category: Mapping[Id, int],
    keep_metadata: bool = False,
) -> Record:
    """Reads one photo and paints its annotations.

    Args:
        source: The photo, by its path below the folder, and its annotations' places.
        folder: The user's folder.
        dataset: What the record's `source` says.
        task: Name of the mask.
        ids_by_category: Class id of every category.
        keep_metadata: Keep EXIF and the like in the stored photo.

    Raises:
        ValueError: Photo or annotations cannot be read; the reason in one line.
    """
    photo = load_photo(read_source(folder, source.photo), keep_metadata=keep_metadata)
    height_px, width_px = source.size_px or (photo.height_px, photo.width_px)
    frame = AnnotationFrame(
        height_px=height_px,
        width_px=width_px,
        orientation=annotation_orientation(
            (height_px, width_px), photo, what="annotation"
        ),
    )
    objects: list[AnnotatedObject] = []
    crowds: list[AnnotatedObject] = []
    for entry in read_annotations(folder, source.annotations):
        class_id = VOID_ID if entry.is_crowd else _class_id(entry, ids_by_category)
        read = read_outline(entry, class_id, height_px=height_px, width_px=width_px)
        (crowds if entry.is_crowd else objects).append(read)
    drawn = draw_objects(objects, frame, task=task)
    mask_ids = drawn.mask_ids
    # A crowd is void where no single object is labelled.
    if crowds:
        is_crowd = draw_objects(crowds, frame, task=task).mask_ids == VOID_ID
        mask_ids[(mask_ids == 0) & is_crowd] = VOID_ID
    return photo_record(
        source,
        photo,
        masks={task: encode_mask_png(mask_ids)},
        source=dataset,
        instances=drawn.instances,
        drawn_on=told_drawn_on(source.size_px, photo),
    )


def _class_id(entry: CocoAnnotation, ids_by_category: Mapping[Id, int]) -> int:
    if entry.category_id not in ids_by_category:
        raise ValueError(
            f"annotation {entry.id} must name a category of its file, got"
            f" {entry.category_id!r}; add the category or correct the annotation"
        )
    return ids_by_category[entry.category_id]
