"""Whether annotations were made on the upright photo or on its stored pixels."""

from __future__ import annotations

from tfds_builders.photo_bytes import Photo
from tfds_builders.record import DrawnOn
from tfds_builders.upright import TRANSPOSED

UPRIGHT = 1


def annotation_orientation(
    size_px: tuple[int, int], photo: Photo, *, what: str = "mask"
) -> int:
    """Returns the orientation that turns an annotation upright, decided by its size.

    One of the upright photo's size is upright; one of the stored photo's size was
    drawn on the stored pixels. Where both sizes are equal it is taken as upright.

    Args:
        size_px: Height and width that the annotation was made for; a mask's own EXIF
            is no matter.
        photo: The photo that it belongs to.
        what: How the message calls the annotation.

    Example:
        >>> lying = Photo(data=b"", orientation=6, height_px=40, width_px=30)
        >>> annotation_orientation((40, 30), lying)
        1
        >>> annotation_orientation((30, 40), lying)
        6
    """
    height_px, width_px = size_px
    if (height_px, width_px) == (photo.height_px, photo.width_px):
        return UPRIGHT
    swapped = (width_px, height_px) == (photo.height_px, photo.width_px)
    if swapped and photo.orientation in TRANSPOSED:
        return photo.orientation
    raise ValueError(
        f"{what} must have the photo's size {photo.width_px} x {photo.height_px}, got"
        f" {width_px} x {height_px}; export the {what} at the photo's size"
    )


def told_drawn_on(size_px: tuple[int, int] | None, photo: Photo) -> DrawnOn:
    """Says what an annotation was drawn on, as far as its size tells.

    Args:
        size_px: One that `annotation_orientation` accepts; None where none is known.
        photo: The photo that it belongs to.

    Returns:
        `undecided` where the annotation counts as upright without a proof.

    Example:
        >>> lying = Photo(data=b"", orientation=6, height_px=40, width_px=30)
        >>> told_drawn_on((40, 30), lying), told_drawn_on((30, 40), lying)
        ('upright', 'stored')
        >>> told_drawn_on(None, lying)
        'undecided'
    """
    if photo.orientation == UPRIGHT:
        return "upright"
    is_square = photo.height_px == photo.width_px
    if size_px is None or is_square or photo.orientation not in TRANSPOSED:
        return "undecided"
    is_upright = tuple(size_px) == (photo.height_px, photo.width_px)
    return "upright" if is_upright else "stored"
