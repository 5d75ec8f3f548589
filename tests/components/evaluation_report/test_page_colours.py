from __future__ import annotations

import re

import pytest

from components.evaluation_report.page_colours import (
    DARK,
    LEAST_CONTRAST,
    LEAST_MARK_CONTRAST,
    LIGHT,
    MARK_PAIRS,
    TEXT_PAIRS,
    TEXTS,
    contrast,
    readable_ink,
)
from components.evaluation_report.page_style import HEAT_STEPS, style_text

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#767676", "#ffffff", 4.54),  # the greys that WCAG's readers know
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_wcags(one: str, other: str, known: float) -> None:
    assert contrast(one, other) == pytest.approx(known, abs=0.005)
    assert contrast(one, other) == contrast(other, one)


@THEMES
def test_text_can_be_read_on_every_ground(theme) -> None:
    low = {
        pair: contrast(theme[pair[0]], theme[pair[1]])
        for pair in TEXT_PAIRS
        if contrast(theme[pair[0]], theme[pair[1]]) < LEAST_CONTRAST
    }

    assert low == {}


@THEMES
def test_bars_lines_and_outlines_can_be_seen(theme) -> None:
    for mark, ground in MARK_PAIRS:
        assert contrast(theme[mark], theme[ground]) >= LEAST_MARK_CONTRAST


def test_both_themes_name_the_same_colours() -> None:
    assert list(LIGHT) == list(DARK)


def test_black_or_white_can_be_read_on_any_colour() -> None:
    steps = range(0, 256, 15)
    colours = [f"#{r:02x}{g:02x}{b:02x}" for r in steps for g in steps for b in steps]

    assert min(contrast(readable_ink(one), one) for one in colours) >= LEAST_CONTRAST


def test_the_style_writes_text_in_colours_that_were_checked_alone() -> None:
    style = style_text("")
    inks = set(re.findall(r"[{;\s]color: ([^;}]+)[;}]", style))
    fills = set(re.findall(r"svg text [^}]*fill: ([^;}]+)[;}]", style))

    allowed = {f"var(--{name})" for name in (*TEXTS, "paper")} | {"inherit"}
    heat = {"#000000", "#ffffff"}
    assert inks - heat <= allowed
    assert fills == {"var(--soft)"}


def test_every_step_of_the_heat_map_can_be_read() -> None:
    rule = re.compile(r"\.h(\d+) \{ background: (#\w+); color: (#\w+); \}")
    found = rule.findall(style_text(""))

    assert [int(step) for step, _, _ in found] == list(range(HEAT_STEPS + 1))
    assert min(contrast(ground, ink) for _, ground, ink in found) >= LEAST_CONTRAST


def test_who_wants_no_motion_gets_none() -> None:
    assert "@media (prefers-reduced-motion: reduce)" in style_text("")
