"""The page's inline style: system fonts, light and dark, readable on a phone."""

from __future__ import annotations

from components.dataset_auditor.class_table import ClassTable
from components.evaluation_report.page_colours import readable_ink, theme_rules

HEAT_STEPS = 20

_STYLE = """
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; color: var(--ink);
  background: var(--paper); line-height: 1.45;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans KR",
    "Apple SD Gothic Neo", "Malgun Gothic", sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
h4 { font-size: .925rem; margin: 1rem 0 .3rem; }
p { margin: .25rem 0 .5rem; }
a { color: inherit; text-underline-offset: .15em; }
.soft { color: var(--soft); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); font-weight: 600; }
.verdict { border-left: .5rem solid; background: var(--card); padding: 1rem;
  border-radius: .25rem; overflow-wrap: anywhere; }
.verdict > * { color: var(--ink); }
.verdict > .soft { color: var(--soft); }
.verdict > .warn { color: var(--warn); }
.verdict ul { margin: .5rem 0; padding-left: 1.25rem; }
.chip { display: inline-block; margin-right: .9rem; white-space: nowrap; }
.headline { display: grid; gap: .75rem; margin: 1rem 0;
  grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
.figure { background: var(--card); border-radius: .3rem; padding: .75rem; }
.figure > * { display: block; }
.figure b { font-size: 1.7rem; font-variant-numeric: tabular-nums; }
.figure .soft { font-size: .85rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.scroll { overflow-x: auto; }
small { color: var(--soft); font-size: .85em; white-space: nowrap; }
td small, .figure small { display: block; font-weight: 400; }
small.warn { color: var(--warn); font-weight: 600; }
caption { text-align: left; color: var(--soft); padding: .25rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .925rem; }
th, td { text-align: left; padding: .35rem .6rem; vertical-align: middle;
  border-bottom: 1px solid var(--line); }
tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 7rem; }
td { max-width: 34rem; overflow-wrap: break-word; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.bar { display: block; width: 100%; min-width: 6rem; height: .7rem;
  background: var(--card); }
.filled { fill: var(--bar); }
.filled.rare { fill: none; stroke: var(--bar); }
.swatch { display: inline-block; width: .9em; height: .9em; margin-right: .4em;
  border: 1px solid var(--line); border-radius: .15em; vertical-align: -.1em; }
.missed { background: rgb(230,110,0); }
.false-alarm { background: rgb(86,180,233); }
.hit { background: #ffffff; }
.void { background: rgb(128,128,128); }
.heat table { width: auto; }
.heat td { text-align: center; font-variant-numeric: tabular-nums; min-width: 3.6rem; }
.toolbar { position: sticky; top: 0; z-index: 2; background: var(--paper);
  padding: .4rem 0; }
button, label { font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--edge); border-radius: .3rem; padding: .25rem .6rem;
  cursor: pointer; }
button[aria-pressed="true"] { background: var(--ink); color: var(--paper); }
.cards { display: grid; gap: .75rem; margin-bottom: .75rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
figure { margin: 0; min-width: 0; }
.card { background: var(--card); border: 1px solid var(--line); padding: .6rem;
  border-radius: .3rem; font-size: .9rem; overflow-wrap: anywhere; }
.shot { display: flex; flex-wrap: wrap; gap: .25rem; }
.shot label { padding: .1rem .45rem; font-size: .8rem; background: var(--paper); }
.shot input { position: absolute; opacity: 0; pointer-events: none; }
.shot input:checked + label { background: var(--ink); color: var(--paper); }
.shot input:focus-visible + label, button:focus-visible, a:focus-visible,
summary:focus-visible, .scroll:focus-visible {
  outline: 3px solid var(--s0); outline-offset: 1px; }
.stack { position: relative; flex: 1 0 100%; margin: .3rem 0; line-height: 0; }
.stack img { width: 100%; height: auto; border-radius: .2rem; }
.stack .over { position: absolute; left: 0; top: 0; height: 100%; visibility: hidden;
  image-rendering: pixelated; }
.to-truth:checked ~ .stack .truth, .to-prediction:checked ~ .stack .prediction,
.to-errors:checked ~ .stack .errors { visibility: visible; }
.none { display: grid; place-items: center; min-height: 8rem; text-align: center;
  border: 1px dashed var(--line); color: var(--soft); }
.charts { display: grid; gap: 1rem; margin-bottom: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.reliability { max-width: 24rem; }
.reliability svg, .charts svg { width: 100%; height: auto; }
svg text { font-size: 11px; fill: var(--soft); }
svg text.end { text-anchor: end; }
svg .grid { stroke: var(--line); }
svg .diagonal { stroke: var(--ink); stroke-dasharray: 5 4; }
svg text.middle { text-anchor: middle; }
svg .best { stroke: var(--soft); stroke-dasharray: 3 3; }
polyline { fill: none; stroke-width: 2; }
.line { display: inline-block; width: 1.2em; height: .2em; margin-right: .35em;
  vertical-align: .25em; }
details { margin: .75rem 0; }
details summary { cursor: pointer; font-weight: 600; }
pre { overflow-x: auto; background: var(--card); padding: .75rem; font-size: .8rem; }
@media (prefers-reduced-motion: reduce) { * { scroll-behavior: auto !important;
  transition: none !important; animation: none !important; } }
@media print { .toolbar { display: none; } .card { break-inside: avoid; } }
"""


def style_text(colours: str) -> str:
    """Returns the content of the style element."""
    series = "".join(
        f"polyline.s{index} {{ stroke: var(--s{index}); }}\n"
        f"circle.s{index} {{ fill: var(--s{index}); }}\n"
        f".line.s{index} {{ background: var(--s{index}); }}\n"
        for index in range(4)
    )
    return theme_rules() + _STYLE + series + _heat() + colours


def class_colours(table: ClassTable) -> str:
    """Returns a rule per class; style attributes are not allowed on the page."""
    return "".join(
        f".c{class_id} {{ background: rgb({rgb[0]},{rgb[1]},{rgb[2]}); }}\n"
        for class_id, rgb in table.rgb.items()
    )


def _heat() -> str:
    """Returns a rule per step: white to blue, with ink that can be read on it."""
    rules = []
    for step in range(HEAT_STEPS + 1):
        share = step / HEAT_STEPS
        red, green, blue = (round(255 + (end - 255) * share) for end in (22, 74, 140))
        ground = f"#{red:02x}{green:02x}{blue:02x}"
        ink = readable_ink(ground)
        rules.append(f".h{step} {{ background: {ground}; color: {ink}; }}\n")
    return "".join(rules)
