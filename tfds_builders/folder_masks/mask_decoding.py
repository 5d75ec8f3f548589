"""A mask file's bytes into class ids: grey, palette and RGB masks, exactly."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tfds_builders.folder_masks.mask_code import UNKNOWN_ID, MaskCode
from tfds_builders.picture_faults import fault_of
from tfds_builders.taxonomy import VOID_ID

MASK_FORMATS = ("PNG", "GIF")
_GREY_MODES = ("1", "L", "LA")
_DEEP_MODES = ("I", "I;16", "I;16B", "I;16L")
_COLOUR_MODES = ("RGB", "RGBA")
_PNG_DEPTH_OFFSET = 24
# What Pillow raises for broken files; some of it is neither OSError nor ValueError.
_PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    EOFError,
    IndexError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

Ids = NDArray[np.int16]


def mask_size_px(data: bytes) -> tuple[int, int]:
    """Returns height and width of a mask without decoding its pixels."""
    with _opened(data) as image:
        return image.height, image.width


def holds_class_ids(data: bytes, code: MaskCode) -> bool:
    """Tells whether a mask file is already an 8-bit grey PNG of class ids."""
    return (
        code.keeps_values
        and data.startswith(b"\x89PNG\r\n\x1a\n")
        and data[_PNG_DEPTH_OFFSET : _PNG_DEPTH_OFFSET + 2] == b"\x08\x00"
        and b"tRNS" not in data
    )


def decode_mask(data: bytes, code: MaskCode, name: str) -> NDArray[np.uint8]:
    """Decodes a mask into class ids [height, width], 255 where void.

    Args:
        data: The file's bytes: an 8-bit, 16-bit or 1-bit grey PNG, a palette PNG or
            GIF, or an RGB(A) PNG (alpha is ignored).
        code: What values and colours mean.
        name: Names the mask in messages.

    Raises:
        ValueError: It cannot be decoded, is of a lossy format, or holds a value or
            colour that the taxonomy does not know.
    """
    with _opened(data) as image:
        if image.mode in _COLOUR_MODES:
            return _ids_of_colour_mask(np.asarray(image.convert("RGB")), code, name)
        if image.mode in ("P", "PA"):
            return _ids_of_palette_mask(image, code, name)
        if image.mode in _DEEP_MODES:
            values = np.asarray(image)
            return _known(code.ids_of_values(values), values, code, name)
        if image.mode in _GREY_MODES:
            return _ids_of_grey_mask(image, _png_depth(data, image), code, name)
        raise ValueError(
            f"mask must be grey, palette or RGB, got Pillow mode {image.mode!r} in"
            f" {name!r}; save it as an 8-bit PNG"
        )


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Opens a mask, refuses formats that change values, turns faults to ValueError."""
    if not data:
        raise ValueError("mask is an empty file (0 bytes); export it again")
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format not in MASK_FORMATS:
                raise ValueError(
                    f"mask must be a {' or '.join(MASK_FORMATS)}, got {image.format};"
                    " lossy formats change class ids: export it again as PNG"
                )
            if getattr(image, "n_frames", 1) != 1:
                raise ValueError(
                    f"mask must be one picture, got {image.n_frames} frames"  # type: ignore[attr-defined]
                    "; save the right one as PNG"
                )
            yield image
    except _PILLOW_ERRORS as err:
        raise ValueError(
            f"mask cannot be decoded ({fault_of(err)}); export it again"
        ) from err


def _ids_of_colour_mask(
    rgb: NDArray[np.uint8], code: MaskCode, name: str
) -> NDArray[np.uint8]:
    ids = code.ids_of_colours(rgb)
    unknown = ids == UNKNOWN_ID
    if not unknown.any():
        return ids.astype(np.uint8)
    row, column = np.argwhere(unknown)[0]
    red, green, blue = (int(channel) for channel in rgb[row, column])
    same = int((rgb == rgb[row, column]).all(axis=-1).sum())
    grey = bool((rgb == rgb[..., :1]).all())
    way_out = (
        "if its grey levels are ids, save it with one channel"
        if grey
        else "give it to a class by `rgb`, or list it under `void`, in taxonomy.yaml"
    )
    raise ValueError(
        f"mask colours must be in the taxonomy, got ({red}, {green}, {blue}) in"
        f" {name!r} ({same} pixels of it, {int(unknown.sum())} unknown in all, first at"
        f" x={column}, y={row}); {way_out}"
    )


def _ids_of_palette_mask(
    image: Image.Image, code: MaskCode, name: str
) -> NDArray[np.uint8]:
    indices = np.asarray(image if image.mode == "P" else image.getchannel("P"))
    used = np.flatnonzero(np.bincount(indices.ravel(), minlength=256))
    colours = _palette_colours(image, used)
    readings = {
        "indices": code.ids_of_values(used),
        "colours": code.ids_of_colours(colours),
        "levels": np.where(
            (colours == colours[:, :1]).all(axis=1),
            code.ids_of_values(colours[:, 0]),
            UNKNOWN_ID,
        ).astype(np.int16),
    }
    if code.palette != "auto":
        chosen = readings[code.palette]
        if (chosen == UNKNOWN_ID).any() and code.palette == "colours":
            return _ids_of_colour_mask(np.asarray(image.convert("RGB")), code, name)
    else:
        chosen = _agreed(readings, name, "set `palette:` in taxonomy.yaml to one")
    table = np.full(256, UNKNOWN_ID, np.int16)
    table[used] = chosen
    return _known(table[indices], indices, code, name)


def _palette_colours(image: Image.Image, used: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Returns the colours [len(used), 3] of palette indices; missing ones are black."""
    flat = np.zeros(3 * 256, np.uint8)
    palette = (image.getpalette("RGB") or [])[: flat.size]
    flat[: len(palette)] = palette
    return flat.reshape(256, 3)[used]


def _ids_of_grey_mask(
    image: Image.Image, depth: int, code: MaskCode, name: str
) -> NDArray[np.uint8]:
    """Reads a grey mask; of 1, 2 and 4 bits both the sample and its level may be meant.

    Pillow spreads samples of few bits over 0..255 (a 4-bit 1 becomes 17), and PNG
    optimisers do the reverse (0 and 255 become one bit).
    """
    grey = image.getchannel(0) if image.mode == "LA" else image
    grey = grey.convert("L")
    levels = np.asarray(grey)
    if depth >= 8:
        return _ids_of_levels(levels, np.flatnonzero(grey.histogram()), code, name)
    samples = levels // (255 // ((1 << depth) - 1))
    used = np.flatnonzero(np.bincount(samples.ravel(), minlength=1 << depth))
    used_levels = used * (255 // ((1 << depth) - 1))
    readings = {
        "samples": code.ids_of_values(used),
        "levels": code.ids_of_values(used_levels),
    }
    table = np.full(256, UNKNOWN_ID, np.int16)
    table[used] = _agreed(readings, name, "save it with 8 bits")
    return _known(table[samples], samples, code, name)


def _ids_of_levels(
    levels: NDArray[np.uint8], used: NDArray[np.intp], code: MaskCode, name: str
) -> NDArray[np.uint8]:
    """Looks the levels up in a table of bytes; only the used ones need a meaning."""
    ids = code.ids_of_values(used)
    if (ids == UNKNOWN_ID).any():
        return _known(code.ids_of_values(levels), levels, code, name)
    if np.array_equal(ids, used):
        return levels
    table = np.zeros(256, np.uint8)
    table[used] = ids
    return table[levels]


def _agreed(readings: dict[str, Ids], name: str, way_out: str) -> Ids:
    """Returns the first reading that knows every value, unless another one differs.

    A rival counts only if it finds a class of its own for every value: 255 is void by
    default and black and white palettes are common, and so are palettes left black.
    """
    preferred, *others = readings
    if (readings[preferred] == UNKNOWN_ID).any():
        known = [key for key in others if not (readings[key] == UNKNOWN_ID).any()]
        return readings[known[0] if known else preferred]
    for other in others:
        rival = readings[other]
        classes = set(rival.tolist()) - {UNKNOWN_ID, VOID_ID}
        if len(classes) == len(rival) and not np.array_equal(
            rival, readings[preferred]
        ):
            raise ValueError(
                f"mask {name!r} can be read in two ways: its {preferred} and its"
                f" {other} are both known classes and differ; {way_out}"
            )
    return readings[preferred]


def _known(
    ids: Ids, values: NDArray[np.integer], code: MaskCode, name: str
) -> NDArray[np.uint8]:
    unknown = ids == UNKNOWN_ID
    if not unknown.any():
        return ids.astype(np.uint8)
    row, column = np.argwhere(unknown)[0]
    value = int(values[row, column])
    raise ValueError(
        f"mask ids must be {code.expected_values()}, got {value} in {name!r}"
        f" ({int((values == value).sum())} pixels of it, {int(unknown.sum())} unknown"
        f" in all, first at x={column}, y={row}); check taxonomy.yaml"
    )


def _png_depth(data: bytes, image: Image.Image) -> int:
    """Returns the bits per sample, which Pillow does not tell."""
    return data[_PNG_DEPTH_OFFSET] if image.format == "PNG" else 8
