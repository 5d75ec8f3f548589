"""The page's colours, light and dark, and how well text can be read in them."""

from __future__ import annotations

from collections.abc import Mapping

LEAST_CONTRAST = 4.5  # of text, WCAG 2.2 level AA
LEAST_MARK_CONTRAST = 3.0  # of bars, lines and outlines

LIGHT: Mapping[str, str] = {
    "ink": "#1b1f24",
    "soft": "#56606b",
    "line": "#d9dee3",
    "edge": "#7a8490",
    "paper": "#ffffff",
    "card": "#f5f7f9",
    "good": "#1a7a45",
    "bad": "#b3261e",
    "warn": "#855700",
    "bar": "#4b7bbd",
    "s0": "#2c6fbb",
    "s1": "#b84f06",
    "s2": "#1a7f47",
    "s3": "#8a4fbf",
}
DARK: Mapping[str, str] = {
    "ink": "#e6e9ec",
    "soft": "#9aa5b1",
    "line": "#363d45",
    "edge": "#78828d",
    "paper": "#15181c",
    "card": "#1e2329",
    "good": "#5bcb8b",
    "bad": "#ff8a80",
    "warn": "#e6b455",
    "bar": "#6d9ee0",
    "s0": "#6fb1ff",
    "s1": "#ffa057",
    "s2": "#5bcb8b",
    "s3": "#c49bf0",
}
GROUNDS = ("paper", "card")
TEXTS = ("ink", "soft", "good", "bad", "warn")
MARKS = ("edge", "bar", "s0", "s1", "s2", "s3")

# Text on a ground; a pressed button has ink and paper the other way round.
TEXT_PAIRS = tuple((text, ground) for text in TEXTS for ground in GROUNDS)
MARK_PAIRS = tuple((mark, ground) for mark in MARKS for ground in GROUNDS)

_BLACK, _WHITE = "#000000", "#ffffff"


def contrast(one: str, other: str) -> float:
    """Returns the contrast of two colours, 1 for the same to 21 for black on white.

    Example:
        >>> contrast("#000000", "#ffffff"), contrast("#777777", "#777777")
        (21.0, 1.0)
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable_ink(ground: str) -> str:
    """Returns black or white, whichever can be read better on a colour.

    One of them always reaches `LEAST_CONTRAST`: at worst both have 4.58.

    Example:
        >>> readable_ink("#ffff00"), readable_ink("#00008b")
        ('#000000', '#ffffff')
    """
    return max(_BLACK, _WHITE, key=lambda ink: contrast(ink, ground))


def theme_rules() -> str:
    """Returns the style rules that name the colours."""
    dark = f":root {{ {_variables(DARK)} }}"
    return (
        f":root {{ color-scheme: light dark; {_variables(LIGHT)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ {dark} }}\n"
    )


def _variables(theme: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in theme.items())


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it, 0..1."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
