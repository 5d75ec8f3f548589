"""`carseg data palette`: which colours masks have, for those who must name ranges."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfx_pipeline.cli.exit_codes import DONE
from tfx_pipeline.cli.table import table
from tfx_pipeline.config.usage_error import UsageError

if TYPE_CHECKING:  # their modules load OpenCV
    from tfds_builders.mask_palette import FrequentColor, HuePeak
    from tfx_pipeline.cli.palette_pictures import Palette

# A colour that was painted is strong; a photo that shines through seldom is.
MIN_SATURATION = 128
MIN_VALUE = 40
FREQUENT_COLORS = 12


def add_palette_options(parser: argparse.ArgumentParser) -> None:
    """Adds the folder, what counts as a colour, and the file to draw into."""
    parser.add_argument(
        "folder", metavar="DIR", help="coloured masks or overlays, also in sub-folders"
    )
    parser.add_argument(
        "--min-saturation",
        type=int,
        default=MIN_SATURATION,
        help="pixels below, of 0..255, count as grey, without a hue (%(default)s)",
    )
    parser.add_argument(
        "--min-value",
        type=int,
        default=MIN_VALUE,
        help="pixels below, of 0..255, count as black, without a hue (%(default)s)",
    )
    parser.add_argument(
        "--out", default="palette.png", help="PNG file to write (%(default)s)"
    )


def draw_palette(args: argparse.Namespace) -> int:
    """Counts the colours of a folder, draws them, and says what the peaks are."""
    # Imported here: OpenCV and NumPy are loaded for this action alone.
    from tfds_builders.mask_palette import find_peaks, frequent_colors
    from tfx_pipeline.cli.palette_pictures import count_pictures, find_pictures
    from tfx_pipeline.cli.palette_sheet import draw_palette_sheet

    folder, out = Path(args.folder), Path(args.out)
    _check(args, folder, out)
    palette = count_pictures(
        folder,
        find_pictures(folder),
        min_saturation=args.min_saturation,
        min_value=args.min_value,
    )
    counts = palette.counts
    peaks, colors = find_peaks(counts), frequent_colors(counts, FREQUENT_COLORS)
    captions = _captions(args, palette)
    out.parent.mkdir(parents=True, exist_ok=True)
    draw_palette_sheet(counts, peaks, colors, captions=captions).save(out, "PNG")
    if args.json:
        summary = _summary(palette, peaks, colors, out)
        print(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        print("\n".join([*captions, "", _peaks_table(peaks), "", f"drawn: {out}"]))
    return DONE


def _check(args: argparse.Namespace, folder: Path, out: Path) -> None:
    """Refuses what cannot be before any picture is read."""
    if not folder.is_dir():
        raise UsageError(f"DIR must be an existing folder, got {args.folder!r}")
    for option, value in (
        ("--min-saturation", args.min_saturation),
        ("--min-value", args.min_value),
    ):
        if not 0 <= value <= 255:
            raise UsageError(f"{option} must be 0..255, got {value}")
    if out.is_dir() or out.suffix.lower() != ".png":
        raise UsageError(f"--out must be a file that ends in .png, got {args.out!r}")
    if folder.resolve() in out.resolve().parents:
        raise UsageError(
            f"--out must lie outside of DIR, which is only read, got {args.out!r};"
            " name another place"
        )


def _captions(args: argparse.Namespace, palette: Palette) -> list[str]:
    colored, pixels = palette.counts.colored_pixels, palette.counts.pixels
    unread = f", {len(palette.skipped)} not readable" if palette.skipped else ""
    return [
        f"{palette.pictures} pictures{unread}; {colored / pixels:.1%} of their pixels"
        f" are coloured (saturation {args.min_saturation} or more, value"
        f" {args.min_value} or more)",
        "hue, saturation and value as OpenCV counts them in 8 bits (hue 0 to 179);"
        " bars grow with the square root",
    ]


def _peaks_table(peaks: list[HuePeak]) -> str:
    if not peaks:
        return "no coloured pixel; lower --min-saturation or --min-value"
    return table(
        ["peak", "hue", "from", "to", "share %", "saturation 90 %", "value 90 %"],
        [
            [
                number,
                peak.hue,
                *peak.hue_range,
                100 * peak.share,
                _range(peak.saturation_range),
                _range(peak.value_range),
            ]
            for number, peak in enumerate(peaks, start=1)
        ],
    )


def _range(ends: tuple[int, int]) -> str:
    return f"{ends[0]}-{ends[1]}"


def _summary(
    palette: Palette, peaks: list[HuePeak], colors: list[FrequentColor], out: Path
) -> dict[str, Any]:
    return {
        "pictures": palette.pictures,
        "skipped": list(palette.skipped),
        "pixels": palette.counts.pixels,
        "colored_pixels": palette.counts.colored_pixels,
        "peaks": [
            {
                "hue": peak.hue,
                "hue_range": list(peak.hue_range),
                "pixels": peak.pixels,
                "share": peak.share,
                "saturation_range": list(peak.saturation_range),
                "value_range": list(peak.value_range),
            }
            for peak in peaks
        ],
        "colors": [{"rgb": list(color.rgb), "share": color.share} for color in colors],
        "palette": str(out),
    }
