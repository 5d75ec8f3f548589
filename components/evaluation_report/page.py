"""The report's page: one file, no requests, verdict first."""

from __future__ import annotations

from components.evaluation_report.decisions import is_blessed, list_decisions
from components.evaluation_report.document import html_document
from components.evaluation_report.markup import tag
from components.evaluation_report.page_audit import audit_section
from components.evaluation_report.page_boundary import boundary_section
from components.evaluation_report.page_calibration import calibration_section
from components.evaluation_report.page_classes import classes_section
from components.evaluation_report.page_confusion import confusion_section
from components.evaluation_report.page_corruptions import corruptions_section
from components.evaluation_report.page_curves import training_section
from components.evaluation_report.page_decisions import decisions_section
from components.evaluation_report.page_headline import headline
from components.evaluation_report.page_lineage import lineage_section
from components.evaluation_report.page_objects import objects_section
from components.evaluation_report.page_photos import photos_section
from components.evaluation_report.page_scores import scores_section
from components.evaluation_report.page_script import SCRIPT
from components.evaluation_report.page_serving import serving_section
from components.evaluation_report.page_slices import slices_section
from components.evaluation_report.page_style import class_colours, style_text
from components.evaluation_report.page_verdict import verdict_section
from components.evaluation_report.report_facts import ReportFacts

_SECTIONS = {
    "scores": ("Scores of the whole split", scores_section),
    "classes": ("Classes", classes_section),
    "slices": ("Slices", slices_section),
    "outlines": ("Outlines", boundary_section),
    "objects": ("Objects", objects_section),
    "calibration": ("Calibration", calibration_section),
    "decisions": ("Decisions", decisions_section),
    "corruptions": ("Corruptions", corruptions_section),
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
    return html_document(
        title=f"Evaluation: {facts.task} ({state})",
        body=body,
        style=style_text(class_colours(facts.table)),
        script=SCRIPT,
    )
