"""A whole HTML file that asks for nothing: style and script by their hashes."""

from __future__ import annotations

import base64
import hashlib

from components.evaluation_report.markup import Html, join, tag


def html_document(*, title: str, body: Html, style: str, script: str) -> str:
    """Returns the text of the file.

    Its policy lets nothing run or load but this style, this script and pictures that
    are inside: a name that looks like markup stays text.
    """
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:;"
        f" style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    )
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("link", rel="icon", href="data:,"),  # or a browser asks for one
        tag("title", title),
        tag("style", Html(style)),
    )
    page = tag("body", body, tag("script", Html(script)))
    html = tag("html", tag("head", head), page, lang="en")
    return f"<!doctype html>\n{html}\n"


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
