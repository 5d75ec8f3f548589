"""A photo's bytes, checked before they are sent; and its upright pixels for people."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from tfds_builders import jpeg_structure, png_structure
from tfds_builders.exif import UPRIGHT, orientation_from_exif
from tfds_builders.photo_bytes import MAX_PIXELS
from tfds_builders.upright import TRANSPOSED, apply_orientation, upright_size

MAX_FILE_BYTES = 512 * 2**20

# What the served model decodes, by how the file begins.
_READERS = {
    jpeg_structure.JPEG_SIGNATURE: JpegImageFile,
    png_structure.PNG_SIGNATURE: PngImageFile,
    b"GIF8": GifImageFile,
    b"BM": BmpImageFile,
}


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A file that the served model may be asked about.

    Attributes:
        data: The file.
        height: Pixels of the upright photo.
        width: Pixels of the upright photo.
        orientation: EXIF value 1..8.
    """

    data: bytes
    height: int
    width: int
    orientation: int

    def upright_pixels(self, height: int, width: int) -> Image.Image:
        """Returns the upright photo at another size, RGB."""
        image = _open(self.data)
        is_turned = self.orientation in TRANSPOSED
        stored_size = (height, width) if is_turned else (width, height)
        # A JPEG decodes to half, a quarter or an eighth in as much less time.
        image.draft(None, stored_size)
        try:
            image.load()
        except Exception as err:  # Pillow raises whatever foreign bytes provoke.
            raise _damaged(err) from err
        stored = _eight_bits(image).resize(stored_size, Image.Resampling.LANCZOS)
        upright = apply_orientation(np.asarray(stored), self.orientation)
        return Image.fromarray(np.ascontiguousarray(upright))


def read_photo(path: Path) -> Photo:
    """Reads a photo and what its header says; no pixel is decoded.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no picture that the served model reads, or too large.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise ValueError(
            f"a photo must have at most {MAX_FILE_BYTES} bytes, got {size}; save it"
            " smaller"
        )
    data = path.read_bytes()
    image = _open(data)
    if not 0 < image.height * image.width <= MAX_PIXELS:
        raise ValueError(
            f"a photo must have 1 to {MAX_PIXELS} pixels, got"
            f" {image.height} x {image.width}; scale it down"
        )
    orientation = _orientation(data)
    height, width = upright_size(image.height, image.width, orientation)
    return Photo(data=data, height=height, width=width, orientation=orientation)


def _open(data: bytes) -> ImageFile.ImageFile:
    """Returns a picture whose pixels are not decoded yet."""
    for start, reader in _READERS.items():
        if data.startswith(start):
            try:
                # Not Image.open, whose limit of pixels is a global of the process.
                return reader(io.BytesIO(data))
            except Exception as err:  # Pillow raises whatever foreign bytes provoke.
                raise _damaged(err) from err
    raise ValueError(
        f"a photo must be JPEG, PNG, BMP or GIF, got {len(data)} bytes of"
        f" {_kind(data)}; convert it to JPEG or PNG first"
    )


def _damaged(err: Exception) -> ValueError:
    reason = str(err) or type(err).__name__
    return ValueError(f"the picture is damaged: {reason}; fetch the file again")


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[:4] in (b"II*\x00", b"MM\x00*"):
        return "TIFF"
    return "HEIC or AVIF" if data[4:8] == b"ftyp" else "another kind"


def _orientation(data: bytes) -> int:
    """Returns the orientation as the served model reads it."""
    if data.startswith(jpeg_structure.JPEG_SIGNATURE):
        return orientation_from_exif(jpeg_structure.read_layout(data).exif)
    if data.startswith(png_structure.PNG_SIGNATURE):
        return orientation_from_exif(png_structure.read_layout(data).exif)
    return UPRIGHT


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits; Pillow's own conversion would clip
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")
