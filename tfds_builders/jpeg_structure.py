"""The segments of a JPEG file: where each begins, what the picture itself needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

JPEG_SIGNATURE = b"\xff\xd8\xff"
EXIF_HEADER = b"Exif\x00\x00"

APP0, APP1, APP2, APP14 = 0xE0, 0xE1, 0xE2, 0xEE
SOI, EOI, SOS, DQT, DHT, DAC, DNL, DRI = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xCC, 0xDC, 0xDD
FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {DHT, 0xC8, DAC}
PROGRESSIVE_FRAMES = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_TABLES = frozenset({DQT, DHT, DAC, DRI, DNL})
_APP_AND_COMMENT = frozenset({*range(0xE0, 0xF0), 0xFE})
_BETWEEN_SCANS = _TABLES | _APP_AND_COMMENT | {SOS, EOI}

# Application segments that change how the samples become colours; no other is kept.
_COLOUR_SEGMENTS = {
    APP0: b"JFIF\x00",
    APP2: b"ICC_PROFILE\x00",
    APP14: b"Adobe",
}
# Inside compressed data 0xFF is followed by 0 (stuffing) or a restart marker.
_MARKER_IN_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_MARKER = re.compile(rb"\xff[\x01-\xfe]")


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker with its content; `start` is at 0xFF, `end` behind the last byte.

    The segment of a scan (SOS) includes the compressed data with its restart markers.
    """

    marker: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What the frame header (SOF) says; height and width as stored, not upright."""

    marker: int
    bits: int
    height_px: int
    width_px: int
    components: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class JpegLayout:
    """The primary picture of a JPEG file.

    Attributes:
        frame: Size and kind of compression.
        exif: Content of the first Exif segment behind its header, b"" if none.
        has_adobe: Whether an Adobe segment says how four components become colours.
        picture: Spans of the file (start, end) that the picture needs, in order.
    """

    frame: Frame
    exif: bytes
    has_adobe: bool
    picture: tuple[tuple[int, int], ...]


def jpeg_error(data: bytes, reason: str) -> ValueError:
    """Returns the error for a JPEG that does not hold together."""
    return ValueError(
        f"cannot decode JPEG of {len(data)} bytes: {reason}; fetch the file again or"
        " leave it out"
    )


def iter_segments(data: bytes) -> Iterator[Segment]:
    """Yields the primary picture's segments up to its end marker.

    Stray bytes between segments are passed over, as libjpeg does.

    Raises:
        ValueError: When a segment does not fit into the file or there is no end.
    """
    position = 2
    while True:
        found = _MARKER.search(data, position)
        if found is None:
            raise jpeg_error(data, "it is cut off, there is no end-of-image marker")
        start, marker = found.start(), data[found.start() + 1]
        end = start + 2
        if marker not in _STANDALONE and marker != EOI:
            end = _segment_end(data, start)
        if marker == SOS:
            following = _MARKER_IN_SCAN.search(data, end)
            if following is None:
                raise jpeg_error(data, "it is cut off inside the compressed data")
            end = following.start()
        yield Segment(marker, start, end)
        if marker == EOI:
            return
        position = end


def _segment_end(data: bytes, start: int) -> int:
    length = int.from_bytes(data[start + 2 : start + 4], "big")
    end = start + 2 + length
    if length < 2 or end > len(data):
        raise jpeg_error(
            data,
            f"segment 0xFF{data[start + 1]:02X} at byte {start} must fit into the"
            f" file, its length says {length}",
        )
    return end


def find_exif(data: bytes) -> bytes:
    """Returns the first Exif block ahead of the first scan, b"" if there is none."""
    for segment in iter_segments(data):
        if segment.marker == SOS:
            break
        if _is_exif(data, segment):
            return data[segment.start + 10 : segment.end]
    return b""


def _is_exif(data: bytes, segment: Segment) -> bool:
    return (
        segment.marker == APP1
        and segment.end >= segment.start + 10
        and data.startswith(EXIF_HEADER, segment.start + 4)
    )


def read_layout(data: bytes) -> JpegLayout:
    """Walks the whole primary picture once.

    Raises:
        ValueError: When the structure is broken or scans are missing.
    """
    frame: Frame | None = None
    exif: bytes | None = None
    has_adobe = False
    picture = [(0, 2)]
    scans: list[bytes] = []
    for segment in iter_segments(data):
        marker = segment.marker
        if marker in FRAME_MARKERS and frame is None:
            frame = _read_frame(data, segment)
        elif scans and marker not in _BETWEEN_SCANS:
            raise jpeg_error(
                data, f"marker 0xFF{marker:02X} breaks the compressed data"
            )
        elif marker == SOS:
            scans.append(data[segment.start + 4 : _segment_end(data, segment.start)])
        elif exif is None and not scans and _is_exif(data, segment):
            exif = data[segment.start + 10 : segment.end]
        if _belongs_to_picture(data, segment):
            picture.append((segment.start, segment.end))
            has_adobe |= marker == APP14
    if frame is None or not scans:
        raise jpeg_error(data, "it holds no picture (no frame or no scan)")
    _check_scans(data, frame, scans)
    return JpegLayout(
        frame=frame,
        exif=exif or b"",
        has_adobe=has_adobe,
        picture=tuple(picture),
    )


def _belongs_to_picture(data: bytes, segment: Segment) -> bool:
    marker = segment.marker
    if marker in _COLOUR_SEGMENTS:
        return data.startswith(_COLOUR_SEGMENTS[marker], segment.start + 4)
    return marker in _TABLES or marker in FRAME_MARKERS or marker in (SOS, EOI)


def _read_frame(data: bytes, segment: Segment) -> Frame:
    body = data[segment.start + 4 : segment.end]
    count = body[5] if len(body) > 5 else 0
    if count == 0 or len(body) != 6 + 3 * count:
        raise jpeg_error(data, "its frame header is damaged")
    return Frame(
        marker=segment.marker,
        bits=body[0],
        height_px=int.from_bytes(body[1:3], "big"),
        width_px=int.from_bytes(body[3:5], "big"),
        components=tuple(body[6::3]),
    )


def _check_scans(data: bytes, frame: Frame, scans: Sequence[bytes]) -> None:
    """Refuses a picture whose last scans are missing; libjpeg would only blur it."""
    low_bits: dict[int, list[int | None]] = {
        component: [None] * 64 for component in frame.components
    }
    for header in scans:
        count = header[0] if header else 0
        if count == 0 or len(header) != 4 + 2 * count:
            raise jpeg_error(data, "a scan header is damaged")
        first, last, approximation = header[-3:]
        if frame.marker not in PROGRESSIVE_FRAMES:
            first, last, approximation = 0, 63, 0
        for component in header[1 : 1 + 2 * count : 2]:
            if component not in low_bits or last > 63:
                raise jpeg_error(data, "a scan header does not match its frame")
            for index in range(first, last + 1):
                low_bits[component][index] = approximation & 15
    if any(low != 0 for component in low_bits.values() for low in component):
        raise jpeg_error(data, "it is cut off, scans are missing")
