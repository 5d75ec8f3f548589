"""The page's tables: what was found, splits, classes, slices, sizes, tolerances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from components.dataset_auditor.class_table import ClassTable

_SLICE_VALUES_SHOWN = 30

Report = Mapping[str, Any]


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a table of ready cells; a header that ends in `#` is of numbers."""
    kinds = [' class="number"' if name.endswith("#") else "" for name in headers]
    head = "".join(
        f"<th{kind}>{escape(name.rstrip('#'))}</th>"
        for kind, name in zip(kinds, headers, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def splits_table(report: Report) -> str:
    """Returns examples, groups and undecodable records by split."""
    rows = [
        [
            escape(name),
            f"{split['examples']:,}",
            f"{split['groups']:,}",
            f"{split['undecodable']:,}",
        ]
        for name, split in report["splits"].items()
    ]
    return table(["split", "examples#", "groups#", "undecodable#"], rows)


def classes_table(report: Report, classes: ClassTable) -> str:
    """Returns share, images, instances and loss weight by class, with a bar."""
    with_instances = any("instances" in entry for entry in report["classes"])
    widest = max((entry["share"] for entry in report["classes"]), default=0) or 1
    headers = ["class", "id#", "share#", "", "pixels#", "images#", "loss weight#"]
    rows = []
    for entry in report["classes"]:
        colour = _css_colour(classes.rgb[entry["id"]])
        absent = "" if entry["images"] else ' <span class="warn">absent</span>'
        row = [
            f"{_swatch(colour)}{escape(entry['name'])}{absent}",
            str(entry["id"]),
            f"{entry['share']:.3%}",
            _bar([("var(--bar)", entry["share"] / widest, entry["name"])]),
            f"{entry['pixels']:,}",
            f"{entry['images']:,}",
            f"{report['loss_weights'][entry['name']]:.3f}",
        ]
        rows.append(row + [f"{entry.get('instances', 0):,}"] * with_instances)
    return table(headers + ["instances#"] * with_instances, rows)


def slices_tables(report: Report, classes: ClassTable) -> str:
    """Returns a table per slicing feature, the class shares as one coloured bar."""
    colours = {
        name: _css_colour(classes.rgb[key]) for key, name in classes.names.items()
    }
    parts = []
    for feature, by_value in report["slices"].items():
        listed = sorted(by_value.items(), key=lambda item: (-item[1]["examples"], item))
        rows = [
            [
                escape(value) or '<span class="soft">(none)</span>',
                f"{counts['examples']:,}",
                _class_bar(counts["class_pixels"], colours),
            ]
            for value, counts in listed[:_SLICE_VALUES_SHOWN]
        ]
        rest = len(listed) - len(rows)
        more = f'<p class="soft">{rest} more values in audit.json</p>' if rest else ""
        parts.append(
            f"<h3>by {escape(feature)}</h3>"
            + table([feature, "examples#", "classes"], rows)
            + more
        )
    return "".join(parts)


def sizes_table(report: Report) -> str:
    """Returns how many photos have which upright size."""
    rows = [
        [
            f"{entry['width']} x {entry['height']}" if entry["width"] else "other",
            f"{entry['count']:,}",
        ]
        for entry in report["sizes"]
    ]
    return table(["width x height (px)", "photos#"], rows)


def tolerances_table(report: Report) -> str:
    """Returns every tolerance that the verdict used."""
    rows = [[escape(name), str(value)] for name, value in report["tolerances"].items()]
    return table(["tolerance", "value#"], rows)


def _class_bar(pixels: Mapping[str, int], colours: Mapping[str, str]) -> str:
    total = sum(pixels.values())
    if not total:
        return '<span class="soft">no labelled pixel</span>'
    return _bar(
        [
            (colours[name], count / total, f"{name} {count / total:.1%}")
            for name, count in pixels.items()
            if count
        ]
    )


def _bar(parts: Sequence[tuple[str, float, str]]) -> str:
    spans = "".join(
        f'<span style="width:{100 * share:.2f}%;background:{colour}"'
        f' title="{escape(title)}"></span>'
        for colour, share, title in parts
    )
    return f'<div class="bar">{spans}</div>'


def _swatch(colour: str) -> str:
    return f'<span class="swatch" style="background:{colour}"></span>'


def _css_colour(rgb: tuple[int, int, int]) -> str:
    return f"rgb({rgb[0]},{rgb[1]},{rgb[2]})"
