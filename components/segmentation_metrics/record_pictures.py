"""The pictures of a serialized record: the photo upright, the mask as class ids."""

from __future__ import annotations

from components.dataset_auditor.example_reader import (
    Features,
    first_bytes,
    first_int,
    first_text,
)
from components.dataset_auditor.upright_image import as_array, decode_photo
from components.segmentation_metrics.corruptions import (
    RgbImage,
)
from components.segmentation_metrics.mask_png import MaskIds, decode_mask_png


def upright_photo(features: Features) -> RgbImage:
    """Returns the photo's pixels, turned as the record says.

    Raises:
        ValueError: There is no photo, or none that can be decoded.
    """
    try:
        return as_array(
            decode_photo(_bytes(features, "image"), first_int(features, "orientation"))
        )
    except ValueError as err:
        raise ValueError(
            f"the photo of {record_name(features)} cannot be read: {err}; audit the"
            " data"
        ) from err


def true_mask(features: Features, name: str) -> MaskIds:
    """Returns the class ids of the feature `name`.

    Raises:
        ValueError: There is no mask, or none that can be decoded.
    """
    return decode_mask_png(
        _bytes(features, name), f"true mask of {record_name(features)}"
    )


def record_name(features: Features) -> str:
    """Names the record in an error."""
    return repr(first_text(features, "example_id") or "a record without example_id")


def _bytes(features: Features, name: str) -> bytes:
    value = first_bytes(features, name)
    if value is None:
        raise ValueError(
            f"{record_name(features)} has no {name!r}, there are {sorted(features)};"
            " check the example generator"
        )
    return value
