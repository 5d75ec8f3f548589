"""One label file of AI Hub 581 as objects to paint and features to slice by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from tfds_builders.annotated_objects import AnnotatedObject
from tfds_builders.car_damage_aihub.label_fields import (
    class_of,
    objects,
    one_object,
    positive_integer,
    rings_of,
    text_or_number,
)
from tfds_builders.car_damage_aihub.taxonomy import DAMAGE_IDS, PART_IDS


@dataclass(frozen=True, kw_only=True)
class Label:
    """What one label says of its photo.

    Attributes:
        height_px: Of the photo, as declared.
        width_px: Of the photo, as declared.
        damages: With class ids of `damage4`, none of them twice.
        parts: With class ids of `parts34`, none of them twice.
        vehicle_size: Such as `Mid-size car`; empty where not known.
        colours: One per annotation that says it.
        years: One per annotation that says it.
    """

    height_px: int
    width_px: int
    damages: tuple[AnnotatedObject, ...]
    parts: tuple[AnnotatedObject, ...]
    vehicle_size: str
    colours: tuple[str, ...]
    years: tuple[str, ...]


def parse_label(form: Any, stem: str) -> Label:
    """Reads the JSON of a label.

    Args:
        form: The parsed JSON.
        stem: Of the file's name; a label that names another photo is refused.

    Raises:
        ValueError: What is wrong with which field, in one line.
    """
    fields = one_object(form, "the label")
    image = one_object(fields.get("images"), "images")
    _refuse_other_photo(image.get("file_name"), stem)
    annotations = objects(fields.get("annotations"), "annotations")
    damages: list[AnnotatedObject] = []
    parts: list[AnnotatedObject] = []
    for index, annotation in enumerate(annotations):
        _add_annotation(annotation, f"annotations[{index}]", damages, parts)
    return Label(
        height_px=positive_integer(image.get("height"), "images.height"),
        width_px=positive_integer(image.get("width"), "images.width"),
        damages=tuple(dict.fromkeys(damages)),
        parts=tuple(dict.fromkeys(parts)),
        vehicle_size=_vehicle_size(fields.get("categories")),
        colours=_texts(annotations, "color"),
        years=_texts(annotations, "year"),
    )


def _refuse_other_photo(file_name: Any, stem: str) -> None:
    if file_name is None:
        return
    if PurePosixPath(str(file_name)).stem != stem:
        raise ValueError(
            f"images.file_name must be that of {stem!r}, got {file_name!r}"
        )


def _add_annotation(
    annotation: Mapping[str, Any],
    where: str,
    damages: list[AnnotatedObject],
    parts: list[AnnotatedObject],
) -> None:
    damage_id = class_of(annotation.get("damage"), DAMAGE_IDS, f"{where}.damage")
    part_id = class_of(annotation.get("part"), PART_IDS, f"{where}.part")
    if damage_id is None and part_id is None:
        raise ValueError(f"{where} must name a damage or a part, got neither")
    rings = rings_of(annotation.get("segmentation"), f"{where}.segmentation")
    for class_id, group in ((damage_id, damages), (part_id, parts)):
        if class_id is not None:
            group.append(AnnotatedObject(class_id=class_id, polygons=rings))


def _vehicle_size(categories: Any) -> str:
    entry = categories[0] if isinstance(categories, list) and categories else categories
    name = entry.get("supercategory_name") if isinstance(entry, dict) else None
    return text_or_number(name)


def _texts(annotations: Sequence[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    texts = (text_or_number(annotation.get(key)) for annotation in annotations)
    return tuple(text for text in texts if text)
