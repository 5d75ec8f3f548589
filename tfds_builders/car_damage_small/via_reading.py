"""A photo and its VIA regions into the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tfds_builders.annotated_objects import (
    AnnotatedObject,
    AnnotationFrame,
    draw_objects,
    number_instances,
)
from tfds_builders.annotation_orientation import UPRIGHT
from tfds_builders.car_damage_small.taxonomy import DAMAGE_ID, DATASET, PART_IDS
from tfds_builders.car_damage_small.via_file import Region
from tfds_builders.car_damage_small.via_listing import ViaSource
from tfds_builders.car_damage_small.via_shapes import read_shape
from tfds_builders.photo_bytes import Photo, load_photo
from tfds_builders.photo_record import photo_record
from tfds_builders.png_encoding import encode_mask_png
from tfds_builders.record import DrawnOn, Record
from tfds_builders.source_files import read_source
from tfds_builders.upright import TRANSPOSED, upright_size

# Corners set at the border may lie a pixel outside (-1 and 1025 of 1024 were seen).
_BORDER_PX = 2


def read_photo(
    source: ViaSource, *, folder: Path, keep_metadata: bool = False
) -> Record:
    """Reads one photo and paints its regions.

    Args:
        source: The photo, by its path below the folder, and its regions.
        folder: The user's folder.
        keep_metadata: Keep EXIF and the like in the stored photo.

    Raises:
        ValueError: Photo or regions cannot be read; the reason in one line.
    """
    photo = load_photo(read_source(folder, source.photo), keep_metadata=keep_metadata)
    objects = {
        task: [_object(region, task) for region in regions]
        for task, regions in source.regions.items()
    }
    drawn_on = regions_drawn_on(
        [entry for found in objects.values() for entry in found], photo
    )
    orientation = photo.orientation if drawn_on == "stored" else UPRIGHT
    height_px, width_px = upright_size(photo.height_px, photo.width_px, orientation)
    frame = AnnotationFrame(
        height_px=height_px, width_px=width_px, orientation=orientation
    )
    drawn = {
        task: draw_objects(found, frame, task=task) for task, found in objects.items()
    }
    return photo_record(
        source,
        photo,
        masks={task: encode_mask_png(one.mask_ids) for task, one in drawn.items()},
        source=DATASET,
        instances=number_instances(
            instance for one in drawn.values() for instance in one.instances
        ),
        drawn_on=drawn_on,
    )


def regions_drawn_on(objects: Sequence[AnnotatedObject], photo: Photo) -> DrawnOn:
    """Says what regions were drawn on, as far as their extent tells.

    VIA notes no size. Regions that reach over the upright photo but not over the
    stored one were drawn on the stored pixels, and the other way round; where they
    fit into both or none, it is undecided. A photo without regions leaves no doubt.

    Example:
        >>> lying = Photo(data=b"", orientation=6, height_px=40, width_px=30)
        >>> low = AnnotatedObject(class_id=1, polygons=([(0, 0), (5, 0), (5, 38)],))
        >>> wide = AnnotatedObject(class_id=1, polygons=([(0, 0), (38, 0), (38, 5)],))
        >>> regions_drawn_on([low], lying), regions_drawn_on([wide], lying)
        ('upright', 'stored')
    """
    corners = [
        corner for entry in objects for polygon in entry.polygons for corner in polygon
    ]
    if photo.orientation == UPRIGHT or not corners:
        return "upright"
    if photo.orientation not in TRANSPOSED:
        return "undecided"
    right, bottom = (max(corner[axis] for corner in corners) for axis in (0, 1))

    def fits(width_px: int, height_px: int) -> bool:
        return right <= width_px + _BORDER_PX and bottom <= height_px + _BORDER_PX

    fits_upright = fits(photo.width_px, photo.height_px)
    fits_stored = fits(photo.height_px, photo.width_px)
    if fits_upright == fits_stored:
        return "undecided"
    return "stored" if fits_stored else "upright"


def _object(region: Region, task: str) -> AnnotatedObject:
    class_id = DAMAGE_ID if task == "damage" else part_id(region)
    polygon = read_shape(region.get("shape_attributes"))
    return AnnotatedObject(class_id=class_id, polygons=(polygon,))


def part_id(region: Region) -> int:
    """Returns the class id of a region's part, whatever its attribute is called.

    Raises:
        ValueError: No attribute, or more than one, holds the name of a part.

    Example:
        >>> part_id({"region_attributes": {"Class Name": "door"}})
        3
    """
    attributes = region.get("region_attributes")
    values = attributes.values() if isinstance(attributes, Mapping) else ()
    found = {
        PART_IDS[value]
        for value in values
        if isinstance(value, str) and value in PART_IDS
    }
    if len(found) != 1:
        raise ValueError(
            f"a region must name one part of {', '.join(PART_IDS)}, got {attributes};"
            " correct its attribute"
        )
    return found.pop()
