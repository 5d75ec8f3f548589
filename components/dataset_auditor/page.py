"""The readable page of an audit: one file, no requests, verdict first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.findings import RULES, Finding
from components.dataset_auditor.page_findings import TITLES, findings_sections
from components.dataset_auditor.page_style import STYLE
from components.dataset_auditor.page_tables import (
    classes_table,
    sizes_table,
    slices_tables,
    splits_table,
    table,
    tolerances_table,
)
from components.dataset_auditor.report import headline


def render_page(
    report: Mapping[str, Any],
    findings: Sequence[Finding],
    pictures: Mapping[str, str],
    classes: ClassTable,
) -> str:
    """Returns the HTML text.

    Args:
        report: Content of audit.json.
        findings: All findings, sorted.
        pictures: Record key to JPEG as base64, `''` where it cannot be drawn.
        classes: Names and colours.
    """
    title = f"Dataset audit: {report['task']}"
    body = "".join(
        [
            _verdict(report, title),
            "<h2>What was found</h2>",
            _overview(report, findings),
            "<h2>Splits</h2>",
            splits_table(report),
            "<h2>Classes</h2>",
            f"<p>{report['void_share']:.2%} of all mask pixels are void; shares are of"
            " labelled pixels.</p>",
            classes_table(report, classes),
            f'<p class="soft">{escape(report["loss_weights_method"])}.</p>',
            "<h2>Slices</h2>",
            slices_tables(report, classes),
            "<h2>Sizes</h2>",
            sizes_table(report),
            "<h2>Findings</h2>" if findings else "",
            findings_sections(findings, pictures),
            "<details><summary>Tolerances of this verdict</summary>",
            tolerances_table(report),
            "</details>",
        ]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _verdict(report: Mapping[str, Any], title: str) -> str:
    examples = sum(split["examples"] for split in report["splits"].values())
    counted = (
        f"{examples:,} examples in {len(report['splits'])} splits,"
        f" {sum(report['finding_counts'].values()):,} findings"
    )
    if report["blessed"]:
        said = "<p>Every rule is within its tolerance (listed at the end).</p>"
    else:
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in report["reasons"])
        said = f"<ul>{reasons}</ul>"
    kind = "verdict blessed" if report["blessed"] else "verdict"
    return (
        f'<section class="{kind}"><h1>{escape(headline(report).capitalize())}</h1>'
        f'<p class="soft">{escape(title)} &middot; {counted}</p>{said}</section>'
    )


def _overview(report: Mapping[str, Any], findings: Sequence[Finding]) -> str:
    refusing = {finding.rule for finding in findings if finding.severity == "refuse"}
    rows = []
    for rule in RULES:
        count = report["finding_counts"].get(rule, 0)
        state = '<span class="soft">none</span>'
        if rule in refusing:
            state = '<span class="refuse">refuses</span>'
        elif count:
            state = '<span class="warn">warns</span>'
        name = f'<a href="#{rule}">{TITLES[rule]}</a>' if count else TITLES[rule]
        rows.append([name, f"{count:,}", state])
    return table(["rule", "findings#", "verdict"], rows)
