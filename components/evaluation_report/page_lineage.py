"""The page's lineage: what the model was made of, by ids and fingerprints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_text import plain
from components.evaluation_report.report_facts import ReportFacts


def lineage_section(facts: ReportFacts) -> Html:
    """Returns ML Metadata's ids, and the lineage's entries by name."""
    rows = [
        [entry.channel, entry.type_name, str(entry.mlmd_id)]
        for entry in facts.artifacts
    ]
    return join(
        table(
            ["input", "type", "id in ML Metadata#"],
            rows,
            caption="What went into this report",
        ),
        *(_entry(name, value) for name, value in facts.lineage.items()),
    )


def _entry(name: str, value: Any) -> Html:
    title = name.replace("_", " ")
    if isinstance(value, Mapping) and not any(map(_is_nested, value.values())):
        rows = [[str(key), plain(entry)] for key, entry in value.items()]
        entries = table(["name", "value"], rows, caption=title)
        return tag("details", tag("summary", title), entries)
    if not _is_nested(value):
        return tag("p", tag("b", f"{title}: "), plain(value))
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return tag("details", tag("summary", title), tag("pre", text))


def _is_nested(value: Any) -> bool:
    return isinstance(value, (Mapping, list))
