"""The page's findings: cards with pictures side by side, a capped list per rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from components.dataset_auditor.findings import RULES, Finding
from components.dataset_auditor.report import first_per_rule

SHOWN_PER_RULE = 40
_PICTURED_PER_RULE = 12
_PICTURES_PER_FINDING = 4
_PICTURES_BYTES = 3_500_000  # of base64; the page stays below 5 MB

TITLES = {
    "undecodable_image": "Image or mask cannot be decoded",
    "missing_feature": "Feature missing",
    "size_mismatch": "Sizes disagree",
    "unknown_id": "Ids outside the taxonomy",
    "bad_instances": "Instances unreadable",
    "empty_split": "Split too small",
    "duplicate_example_id": "Example id used twice",
    "group_in_two_splits": "Group in two splits",
    "exact_duplicate": "Exact duplicates",
    "near_duplicate": "Near-duplicates across splits",
    "empty_mask": "Empty mask",
    "background_only_mask": "Background only",
    "void_share": "Mostly void",
    "specks": "Specks",
    "skipped_source": "Sources skipped by the builder",
    "anomaly": "Anomalies of ExampleValidator",
}


def thumbnails_wanted(findings: Sequence[Finding]) -> frozenset[str]:
    """Returns the keys of the records that the page will picture."""
    return frozenset(
        key
        for finding in first_per_rule(findings, _PICTURED_PER_RULE)
        for key in finding.record_keys[:_PICTURES_PER_FINDING]
    )


def findings_sections(findings: Sequence[Finding], pictures: Mapping[str, str]) -> str:
    """Returns a section per rule that found something."""
    counts = Counter(finding.rule for finding in findings)
    by_rule: dict[str, list[Finding]] = {rule: [] for rule in RULES}
    for finding in first_per_rule(findings, SHOWN_PER_RULE):
        by_rule[finding.rule].append(finding)
    album = _Album(pictures)
    return "".join(
        _section(rule, shown, counts[rule], album)
        for rule, shown in by_rule.items()
        if shown
    )


class _Album:
    """Hands out pictures until the page has enough of them."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        self._pictures = pictures
        self._left = _PICTURES_BYTES

    def figure(self, key: str, caption: str) -> str:
        """Returns the record's picture, or the frame that says why there is none."""
        data = self._pictures.get(key, "")
        if data and len(data) <= self._left:
            self._left -= len(data)
            picture = (
                f'<img src="data:image/jpeg;base64,{data}" alt="{escape(caption)}"'
                ' loading="lazy">'
            )
        else:
            why = "picture left out" if data else "cannot be decoded"
            picture = f'<div class="none">{why}</div>'
        return f"<figure>{picture}<figcaption>{escape(caption)}</figcaption></figure>"


def _section(rule: str, shown: Sequence[Finding], count: int, album: _Album) -> str:
    cards = "".join(
        _card(finding, album if index < _PICTURED_PER_RULE else None)
        for index, finding in enumerate(shown)
    )
    rest = count - len(shown)
    more = f'<p class="soft">{rest:,} more in audit.json</p>' if rest else ""
    return (
        f'<h3 id="{rule}">{TITLES[rule]} <span class="soft">({count:,})</span></h3>'
        f'<div class="cards">{cards}</div>{more}'
    )


def _card(finding: Finding, album: _Album | None) -> str:
    figures = ""
    if album is not None and finding.record_keys:
        members = zip(
            finding.record_keys, finding.examples, finding.splits, strict=True
        )
        figures = "".join(
            album.figure(key, f"{example} ({split})")
            for key, example, split in list(members)[:_PICTURES_PER_FINDING]
        )
        figures = f'<div class="pictures">{figures}</div>'
    names = ", ".join(finding.examples or finding.splits)
    label = "refuses" if finding.severity == "refuse" else "warns"
    return (
        f'<div class="card">{figures}<span class="{finding.severity}">{label}</span>'
        f" {escape(names)}<br>{escape(finding.detail)}</div>"
    )
