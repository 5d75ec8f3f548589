"""A published photo file as the bytes that the record holds."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFile, ImageOps
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from tfds_builders import jpeg_structure, png_structure
from tfds_builders.exif import UPRIGHT, orientation_from_exif
from tfds_builders.image_metadata import join_spans
from tfds_builders.jpeg_structure import JpegLayout
from tfds_builders.picture_faults import fault_of
from tfds_builders.png_encoding import write_png
from tfds_builders.upright import upright_size

MAX_PIXELS = 100_000_000

Reader = Callable[[io.BytesIO], ImageFile.ImageFile]

# TensorFlow reads Huffman-coded JPEG of 8 bits only: baseline, extended, progressive.
_TENSORFLOW_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
# Data that is missing decodes to this sample value, or one less where it is inverted.
_FILL_VALUES = frozenset({127, 128})
# Stands in for missing data: no 0xFF, so no marker, and no regular pattern.
_PROBE = bytes((index * 89 + 53) % 251 for index in range(251))


@dataclass(frozen=True, kw_only=True)
class Photo:
    """The record's fields of one photo.

    Attributes:
        data: JPEG or PNG.
        orientation: EXIF value 1..8 to apply to the decoded pixels.
        height_px: Height of the upright picture.
        width_px: Width of the upright picture.
    """

    data: bytes
    orientation: int
    height_px: int
    width_px: int


def load_photo(
    data: bytes, *, keep_metadata: bool = False, max_pixels: int = MAX_PIXELS
) -> Photo:
    """Checks that a file is a whole picture and makes it fit for the record.

    JPEG and PNG keep their compressed data and lose their metadata. What TensorFlow
    cannot read in the same way (WebP, TIFF, BMP, GIF, rare kinds of JPEG) becomes an
    upright PNG: the first frame, 8 bits, grey or RGB, transparency ignored.

    Args:
        data: The file.
        keep_metadata: Keep a JPEG or PNG byte for byte, GPS position included.
        max_pixels: Refuse larger pictures before they are decoded.

    Raises:
        ValueError: When the file is no picture, damaged, cut off or too large.
    """
    if data.startswith(jpeg_structure.JPEG_SIGNATURE):
        return _load_jpeg(data, keep_metadata, max_pixels)
    if data.startswith(png_structure.PNG_SIGNATURE):
        return _load_png(data, keep_metadata, max_pixels)
    return _convert(_decode(_reader(data), data, max_pixels), data)


def _load_jpeg(data: bytes, keep_metadata: bool, max_pixels: int) -> Photo:
    layout = jpeg_structure.read_layout(data)
    frame = layout.frame
    _check_size(frame.height_px, frame.width_px, max_pixels)
    stripped = join_spans(data, layout.picture)
    image = _decode(JpegImageFile, stripped, max_pixels)
    if _is_filled_up(image, stripped):
        raise jpeg_structure.jpeg_error(
            data, "it is cut off, its last rows are missing"
        )
    orientation = orientation_from_exif(layout.exif)
    if not _reads_alike(layout):
        image.getexif()[0x0112] = orientation
        return _convert(image, data)
    height_px, width_px = upright_size(frame.height_px, frame.width_px, orientation)
    return Photo(
        data=data if keep_metadata else stripped,
        orientation=orientation,
        height_px=height_px,
        width_px=width_px,
    )


def _reads_alike(layout: JpegLayout) -> bool:
    """Says whether TensorFlow decodes a JPEG, and to the colours that Pillow sees."""
    frame = layout.frame
    # Without Adobe's segment TensorFlow takes CMYK for not inverted, others do not.
    is_plain_cmyk = len(frame.components) == 4 and not layout.has_adobe
    return frame.marker in _TENSORFLOW_FRAMES and frame.bits == 8 and not is_plain_cmyk


def _load_png(data: bytes, keep_metadata: bool, max_pixels: int) -> Photo:
    layout = png_structure.read_layout(data)
    _check_size(layout.height_px, layout.width_px, max_pixels)
    stripped = join_spans(data, layout.picture)
    _decode(PngImageFile, stripped, max_pixels)
    orientation = orientation_from_exif(layout.exif)
    height_px, width_px = upright_size(layout.height_px, layout.width_px, orientation)
    return Photo(
        data=data if keep_metadata else stripped,
        orientation=orientation,
        height_px=height_px,
        width_px=width_px,
    )


def _reader(data: bytes) -> Reader:
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return GifImageFile
    if data[:4] in (b"II*\x00", b"MM\x00*"):
        return TiffImageFile
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WebPImageFile
    if data[:2] == b"BM":
        return BmpImageFile
    what = "HEIC or AVIF" if data[4:8] == b"ftyp" else f"bytes {data[:8]!r}"
    raise ValueError(
        f"cannot decode file of {len(data)} bytes: a photo must be JPEG, PNG, WebP,"
        f" TIFF, BMP or GIF, got {what}; convert it to JPEG or leave it out"
    )


def _check_size(height_px: int, width_px: int, max_pixels: int) -> None:
    if not 0 < height_px * width_px <= max_pixels:
        raise ValueError(
            f"cannot decode picture of {width_px} x {height_px} pixels: it must hold"
            f" 1 to max_pixels={max_pixels} of them; shrink it, or raise max_pixels if"
            " you trust the file"
        )


def _decode(reader: Reader, data: bytes, max_pixels: int) -> ImageFile.ImageFile:
    # A reader is called without Image.open, whose limit is a global of the process.
    try:
        image = reader(io.BytesIO(data))
    except Exception as err:  # Pillow's readers raise whatever foreign bytes provoke.
        raise _damaged(data, err) from err
    _check_size(image.height, image.width, max_pixels)
    try:
        image.load()
    except Exception as err:  # as above
        raise _damaged(data, err) from err
    return image


def _damaged(data: bytes, err: Exception) -> ValueError:
    return ValueError(
        f"cannot decode file of {len(data)} bytes: it must hold a whole picture, but"
        f" {fault_of(err)}; fetch the file again or leave it out"
    )


def _is_filled_up(image: Image.Image, data: bytes) -> bool:
    """Says whether libjpeg made up rows that the file does not hold.

    It does so without a word when compressed data ends early at an end marker: the
    rest becomes mid-grey. Only if the last pixel looks like it, a second decoding
    decides: more compressed data changes nothing in a picture that was complete.
    """
    corner = image.getpixel((image.width - 1, image.height - 1))
    samples = corner if isinstance(corner, tuple) else (corner,)
    if not _FILL_VALUES.issuperset(samples):
        return False
    longer = _decode(
        JpegImageFile, data[:-2] + _PROBE + data[-2:], image.width * image.height
    )
    return longer.tobytes() != image.tobytes()


def _convert(image: Image.Image, data: bytes) -> Photo:
    try:
        upright = _to_eight_bits(ImageOps.exif_transpose(image))
    except Exception as err:  # broken EXIF or a mode without a way to RGB
        raise _damaged(data, err) from err
    return Photo(
        data=write_png(upright),
        orientation=UPRIGHT,
        height_px=upright.height,
        width_px=upright.width,
    )


def _to_eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        # The high byte, as TensorFlow does for PNG; Pillow's convert would clip.
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise ValueError(
            f"samples of mode {image.mode!r} have no defined range, 8 or 16 bits do"
        )
    return image.convert("L" if image.mode in ("1", "L", "LA") else "RGB")
