"""The report's page: one file, no requests, verdict first."""

from __future__ import annotations

import base64
import hashlib

from components.evaluation_report.decisions import is_blessed, list_decisions
from components.evaluation_report.markup import Html, join, tag
from components.evaluation_report.page_audit import audit_section
from components.evaluation_report.page_classes import classes_section
from components.evaluation_report.page_confusion import confusion_section
from components.evaluation_report.page_curves import training_section
from components.evaluation_report.page_lineage import lineage_section
from components.evaluation_report.page_photos import photos_section
from components.evaluation_report.page_script import SCRIPT
from components.evaluation_report.page_serving import serving_section
from components.evaluation_report.page_slices import slices_section
from components.evaluation_report.page_style import class_colours, style_text
from components.evaluation_report.page_verdict import headline, verdict_section
from components.evaluation_report.report_facts import ReportFacts

_SECTIONS = {
    "classes": ("Classes", classes_section),
    "slices": ("Slices", slices_section),
    "confusion": ("Confusion matrix", confusion_section),
    "photos": ("Test photos", photos_section),
    "training": ("Training", training_section),
    "audit": ("Data audit", audit_section),
    "serving": ("Serving check", serving_section),
    "lineage": ("Lineage", lineage_section),
}


def render_page(facts: ReportFacts) -> str:
    """Returns the HTML text; it works from a file and asks for nothing."""
    decisions = list_decisions(facts)
    links = [tag("a", title, href=f"#{key}") for key, (title, _) in _SECTIONS.items()]
    sections = [
        tag(
            "section",
            tag("h2", title, id=f"{key}-title"),
            make(facts),
            id=key,
            aria_labelledby=f"{key}-title",
        )
        for key, (title, make) in _SECTIONS.items()
    ]
    body = tag(
        "main",
        verdict_section(facts, decisions),
        headline(facts),
        tag("nav", *links, aria_label="Sections"),
        *sections,
    )
    state = "blessed" if is_blessed(decisions) else "refused"
    return _document(f"Evaluation: {facts.task} ({state})", body, facts)


def _document(title: str, body: Html, facts: ReportFacts) -> str:
    style = style_text(class_colours(facts.table))
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:;"
        f" style-src '{_digest(style)}'; script-src '{_digest(SCRIPT)}'"
    )
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("link", rel="icon", href="data:,"),  # or a browser asks for one
        tag("title", title),
        tag("style", Html(style)),
    )
    script = tag("script", Html(SCRIPT))
    html = tag("html", tag("head", head), tag("body", body, script), lang="en")
    return f"<!doctype html>\n{html}\n"


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
