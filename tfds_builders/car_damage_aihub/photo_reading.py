"""A photo and its labels, as files, into the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tfds_builders.annotated_objects import (
    AnnotatedObject,
    AnnotationFrame,
    draw_objects,
    number_instances,
)
from tfds_builders.annotation_orientation import annotation_orientation, told_drawn_on
from tfds_builders.car_damage_aihub.configurations import PART_KIND
from tfds_builders.car_damage_aihub.label_reading import Label, parse_label
from tfds_builders.car_damage_aihub.pairing import LabelledPhoto
from tfds_builders.car_damage_aihub.photo_copies import labels_of_other_photos
from tfds_builders.car_damage_aihub.photo_listing import PhotoSource
from tfds_builders.car_damage_aihub.taxonomy import (
    DAMAGE4,
    DAMAGE_BINARY,
    PARTS21,
    PARTS34,
    damage_without_kind,
    parts_without_side,
)
from tfds_builders.photo_bytes import Photo, load_photo
from tfds_builders.photo_record import photo_record
from tfds_builders.png_encoding import encode_mask_png
from tfds_builders.record import Record
from tfds_builders.source_files import (
    printable_path,
    read_json_source,
    read_source,
)
from tfds_builders.taxonomy import VOID_ID

SLICE_FEATURES = ("vehicle_size", "colour", "year")


def read_photo(
    source: PhotoSource,
    *,
    folder: Path,
    tasks: Sequence[str],
    keep_metadata: bool = False,
) -> Record:
    """Reads one photo and its one or two labels.

    Args:
        source: Paths below the folder.
        folder: The user's folder.
        tasks: Masks that the record has.
        keep_metadata: Keep EXIF and the like in the stored photo.

    Raises:
        ValueError: The photo or a label cannot be read; the reason in one line.
    """
    photo_file = read_source(folder, source.pairs[0].photo)
    photo = load_photo(photo_file, keep_metadata=keep_metadata)
    left_out = labels_of_other_photos(source, photo_file, photo, folder)
    pairs = source.pairs[:1] if left_out else source.pairs
    labels = [_read_label(pair, source.example_id, folder) for pair in pairs]
    masks, instances = _draw(
        pairs,
        labels,
        photo,
        with_parts=PARTS34 in tasks,
        is_damage_known=not left_out or any(label.damages for label in labels),
    )
    return photo_record(
        source,
        photo,
        masks={task: encode_mask_png(masks[task]) for task in tasks},
        source="+".join(sorted(pair.kind for pair in pairs)),
        instances=instances,
        slices=_slices(labels),
        drawn_on=told_drawn_on((labels[0].height_px, labels[0].width_px), photo),
        left_out=left_out,
    )


def _read_label(pair: LabelledPhoto, stem: str, folder: Path) -> Label:
    form = read_json_source(folder, pair.label)
    try:
        return parse_label(form, stem)
    except ValueError as err:
        raise ValueError(
            f"{err} in {printable_path(pair.label)!r}; correct the label or leave the"
            " photo out"
        ) from err


def _draw(
    pairs: Sequence[LabelledPhoto],
    labels: Sequence[Label],
    photo: Photo,
    *,
    with_parts: bool,
    is_damage_known: bool,
) -> tuple[dict[str, npt.NDArray[np.uint8]], tuple[Mapping[str, Any], ...]]:
    """Returns the masks by task, upright, and the instances of damage and of parts."""
    frame = _frame(pairs, labels, photo)
    damages = _without_doubles(label.damages for label in labels)
    damage = draw_objects(
        damages,
        frame,
        task=DAMAGE4,
        background_id=0 if is_damage_known else VOID_ID,
    )
    masks = {
        DAMAGE_BINARY: damage_without_kind(damage.mask_ids),
        DAMAGE4: damage.mask_ids,
    }
    if not with_parts:
        return masks, damage.instances
    # A label of the kind `damage` does not say where the parts are.
    is_labelled = any(pair.kind == PART_KIND for pair in pairs)
    parts = draw_objects(
        _without_doubles(label.parts for label in labels),
        frame,
        task=PARTS34,
        background_id=0 if is_labelled else VOID_ID,
    )
    masks |= {PARTS34: parts.mask_ids, PARTS21: parts_without_side(parts.mask_ids)}
    return masks, number_instances((*damage.instances, *parts.instances))


def _frame(
    pairs: Sequence[LabelledPhoto], labels: Sequence[Label], photo: Photo
) -> AnnotationFrame:
    """Returns size and orientation that the labels were drawn for, one for all."""
    frames = [
        AnnotationFrame(
            height_px=label.height_px,
            width_px=label.width_px,
            orientation=annotation_orientation(
                (label.height_px, label.width_px), photo, what=f"{pair.kind} label"
            ),
        )
        for pair, label in zip(pairs, labels, strict=True)
    ]
    if any(frame != frames[0] for frame in frames):
        raise ValueError(
            "both labels of a photo must be drawn upright or both on its stored pixels,"
            f" got {photo.width_px} x {photo.height_px} in one of them only; correct"
            " images.width and images.height"
        )
    return frames[0]


def _without_doubles(
    groups: Iterable[Sequence[AnnotatedObject]],
) -> list[AnnotatedObject]:
    """Joins the objects of all labels; one that both give is there once."""
    return list(dict.fromkeys(entry for group in groups for entry in group))


def _slices(labels: Sequence[Label]) -> dict[str, str]:
    values = (
        [label.vehicle_size for label in labels if label.vehicle_size],
        [colour for label in labels for colour in label.colours],
        [year for label in labels for year in label.years],
    )
    return {
        name: _most_frequent(found)
        for name, found in zip(SLICE_FEATURES, values, strict=True)
    }


def _most_frequent(values: Sequence[str]) -> str:
    """Returns the value given most often, the first of equals, or empty text."""
    return Counter(values).most_common(1)[0][0] if values else ""
